"""Connections of psycopg for the player of interleavings: lines of JSON in, each answered by one when it is done."""
import json, sys, threading, queue
import psycopg

url = sys.argv[1]
sessions = {}
lock = threading.Lock()


def shown(value):
    if value is None or isinstance(value, str):
        return value
    return ('t' if value else 'f') if isinstance(value, bool) else str(value)


def results_of(cursor):
    found = []
    while True:
        if cursor.description is not None:
            names = [column.name for column in cursor.description]
            found.append({'names': names, 'rows': [[shown(v) for v in row] for row in cursor.fetchall()]})
        if not cursor.nextset():
            return found


def work(wishes):
    connection = psycopg.connect(url, autocommit=True)
    while True:
        wish = wishes.get()
        if wish is None:
            return connection.close()
        answer = {'id': wish['id'], 'results': [], 'error': None, 'sqlstate': None}
        try:
            answer['results'] = results_of(connection.execute(wish['sql']))
        except psycopg.Error as error:
            answer['error'] = error.diag.message_primary or str(error)
            answer['sqlstate'] = error.sqlstate or ''
        with lock:
            print(json.dumps(answer), flush=True)


for line in sys.stdin:
    wish = json.loads(line)
    if wish['session'] not in sessions:
        wishes = queue.Queue()
        sessions[wish['session']] = (wishes, threading.Thread(target=work, args=(wishes,)))
        sessions[wish['session']][1].start()
    sessions[wish['session']][0].put(wish)
for wishes, thread in sessions.values():
    wishes.put(None)
    thread.join()
