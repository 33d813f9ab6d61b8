# A transfer from Python whose COMMIT gets no answer, at a cluster that is served:
#   npx postdb-lab serve --port 5433 &  python3 transfer.py postgresql://postgres@127.0.0.1:5433/lab
import sys

import psycopg
from psycopg.errors import UniqueViolation

address = sys.argv[1]


def transfer(number, before_commit=lambda: None):
    with psycopg.connect(address) as bank:
        bank.execute("insert into transfers values (%s)", [number])
        bank.execute("update accounts set balance = balance - 10 where id = 1")
        bank.execute("update accounts set balance = balance + 10 where id = 2")
        before_commit()


with psycopg.connect(address, autocommit=True) as lab:
    lab.execute("create table accounts (id int primary key, balance int)")
    lab.execute("create table transfers (number text primary key)")
    lab.execute("insert into accounts values (1, 100), (2, 100)")
    try:
        transfer("rent", lambda: lab.execute("call lab.cut('rw-1 > d1', for_ms => 1500)"))
        raise SystemExit("the answer was not lost")
    except psycopg.OperationalError as error:
        print(error.sqlstate, error)
    lab.execute("call lab.wait(1000)")
    try:
        transfer("rent")
    except UniqueViolation:
        print("it was made, so it is not made again")
    balances = lab.execute("select balance from accounts order by id").fetchall()
    assert balances == [(90,), (110,)], balances
    assert lab.execute("select * from lab.violations").fetchall() == []
