import java.sql.*;
import java.util.*;

/** The lab's address is the first argument. What fails stops it with an exception. */
public class Jdbc {
  static void expect(boolean is, Object found) {
    if (!is) throw new AssertionError("found " + found);
  }

  static List<String> column(ResultSet rows, String name) throws SQLException {
    List<String> found = new ArrayList<>();
    while (rows.next()) found.add(rows.getString(name));
    return found;
  }

  public static void main(String[] args) throws Exception {
    try (Connection c = DriverManager.getConnection(args[0])) {
      try (Statement s = c.createStatement()) {
        s.execute("create table acc (id int primary key, name varchar(20) not null default 'x', n numeric(9,2), u text unique)");
        s.execute("create table pay (id int, a int references acc (id) on delete cascade, at timestamptz, primary key (id, a))");
        s.execute("create index acc_n on acc (n desc, id)");
        s.execute("create view seen as select id from acc");
      }
      metadata(c.getMetaData());
      prepared(c);
      batch(c);
      states(c);
      try (Connection other = DriverManager.getConnection(args[0]); Statement call = other.createStatement()) {
        crash(c, call);
      }
      System.out.println("JDBC " + c.getMetaData().getDriverVersion());
    }
  }

  static void metadata(DatabaseMetaData m) throws SQLException {
    List<String> tables = column(m.getTables(null, "public", "%", new String[] {"TABLE", "VIEW"}), "TABLE_NAME");
    expect(tables.equals(List.of("acc", "pay", "seen")), tables);
    List<String> columns = new ArrayList<>();
    try (ResultSet r = m.getColumns(null, "public", "acc", "%")) {
      while (r.next())
        columns.add(r.getString("COLUMN_NAME") + " " + r.getString("TYPE_NAME") + " " + r.getInt("COLUMN_SIZE") + " " + r.getString("IS_NULLABLE"));
    }
    expect(columns.equals(List.of("id int4 10 NO", "name varchar 20 NO", "n numeric 9 YES", "u text 2147483647 YES")), columns);
    List<String> keys = column(m.getPrimaryKeys(null, "public", "pay"), "COLUMN_NAME");
    Collections.sort(keys);
    expect(keys.equals(List.of("a", "id")), keys);
    String link = "acc.id pay.a 1 " + DatabaseMetaData.importedKeyNoAction + DatabaseMetaData.importedKeyCascade + " pay_a_fkey acc_pkey";
    expect(keys(m.getImportedKeys(null, "public", "pay")).equals(List.of(link)), keys(m.getImportedKeys(null, "public", "pay")));
    expect(keys(m.getExportedKeys(null, "public", "acc")).equals(List.of(link)), "exported");
    expect(keys(m.getCrossReference(null, "public", "acc", null, "public", "pay")).equals(List.of(link)), "cross reference");
    expect(keys(m.getImportedKeys(null, "public", "acc")).isEmpty(), "keys of a table without");
    List<String> indexes = new ArrayList<>();
    try (ResultSet r = m.getIndexInfo(null, "public", "acc", false, true)) {
      while (r.next())
        indexes.add(r.getString("INDEX_NAME") + " " + r.getBoolean("NON_UNIQUE") + " " + r.getInt("ORDINAL_POSITION") + " " + r.getString("COLUMN_NAME") + " " + r.getString("ASC_OR_DESC"));
    }
    expect(indexes.equals(List.of("acc_pkey false 1 id A", "acc_u_key false 1 u A", "acc_n true 1 n D", "acc_n true 2 id A")), indexes);
    expect(column(m.getBestRowIdentifier(null, "public", "acc", DatabaseMetaData.bestRowTransaction, false), "COLUMN_NAME").equals(List.of("id")), "best row");
    List<String> schemas = column(m.getSchemas(), "TABLE_SCHEM");
    expect(schemas.contains("public"), schemas);
    expect(m.getDatabaseProductVersion().startsWith("15"), m.getDatabaseProductVersion());
  }

  static List<String> keys(ResultSet r) throws SQLException {
    List<String> found = new ArrayList<>();
    while (r.next())
      found.add(r.getString("PKTABLE_NAME") + "." + r.getString("PKCOLUMN_NAME") + " " + r.getString("FKTABLE_NAME") + "." + r.getString("FKCOLUMN_NAME") + " " + r.getInt("KEY_SEQ") + " " + r.getInt("UPDATE_RULE") + r.getInt("DELETE_RULE") + " " + r.getString("FK_NAME") + " " + r.getString("PK_NAME"));
    return found;
  }

  static void prepared(Connection c) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("insert into acc (id, name, n) values (?, ?, ?) returning id, n")) {
      // from the fifth on by a named statement, in binary
      for (int i = 1; i <= 8; i++) {
        s.setInt(1, i);
        s.setString(2, "n" + i);
        s.setBigDecimal(3, new java.math.BigDecimal("1.50"));
        try (ResultSet r = s.executeQuery()) {
          expect(r.next() && r.getInt(1) == i && r.getBigDecimal(2).toString().equals("1.50"), i);
        }
      }
    }
    c.setAutoCommit(false);
    try (PreparedStatement s = c.prepareStatement("select id, name from acc order by id")) {
      s.setFetchSize(3);
      int count = 0;
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) expect(r.getInt(1) == ++count, count);
      }
      expect(count == 8, count);
    }
    c.commit();
    c.setAutoCommit(true);
    try (PreparedStatement s = c.prepareStatement("insert into pay values (?, ?, ?)")) {
      Timestamp at = Timestamp.from(java.time.Instant.parse("2026-01-02T03:04:05.678Z"));
      s.setInt(1, 1);
      s.setInt(2, 1);
      s.setTimestamp(3, at);
      expect(s.executeUpdate() == 1, "no row");
      try (Statement q = c.createStatement(); ResultSet r = q.executeQuery("select at from pay")) {
        expect(r.next() && r.getTimestamp(1).equals(at), "another time");
      }
    }
  }

  static void batch(Connection c) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("insert into acc (id, n) values (?, ?)")) {
      for (int i = 100; i < 600; i++) {
        s.setInt(1, i);
        s.setInt(2, i);
        s.addBatch();
      }
      int[] counts = s.executeBatch();
      expect(counts.length == 500 && Arrays.stream(counts).allMatch(n -> n == 1), Arrays.toString(counts));
    }
    try (Statement s = c.createStatement()) {
      s.addBatch("insert into acc (id) values (900)");
      s.addBatch("insert into acc (id) values (1)");
      s.addBatch("insert into acc (id) values (901)");
      s.executeBatch();
      throw new AssertionError("a batch with a duplicate passed");
    } catch (BatchUpdateException e) {
      expect("23505".equals(e.getSQLState()), e.getSQLState());
    }
    expect(count(c, "id >= 900") == 0, "part of a batch");
  }

  static int count(Connection c, String where) throws SQLException {
    try (Statement s = c.createStatement(); ResultSet r = s.executeQuery("select count(*) from acc where " + where)) {
      r.next();
      return r.getInt(1);
    }
  }

  static void states(Connection c) throws SQLException {
    String[][] wrong = {
      {"select nope from acc", "42703"},
      {"select * from nope", "42P01"},
      {"insert into pay values (7, 12345, null)", "23503"},
      {"insert into acc (id, name) values (8000, null)", "23502"},
      {"selec 1", "42601"},
      {"select 1 / 0", "22012"},
    };
    for (String[] one : wrong) {
      try (Statement s = c.createStatement()) {
        s.execute(one[0]);
        throw new AssertionError(one[0] + " passed");
      } catch (SQLException e) {
        expect(one[1].equals(e.getSQLState()), e.getSQLState() + " of " + one[0]);
      }
    }
  }

  /** Transactions while the writer dies: each that was acknowledged is there, once; each refused one says by its class what it is. */
  static void crash(Connection c, Statement call) throws SQLException {
    Set<Integer> acknowledged = new TreeSet<>();
    Set<Integer> unknown = new TreeSet<>();
    c.setAutoCommit(false);
    for (int i = 2000; i < 2060; i++) {
      boolean isCommitting = false;
      try (PreparedStatement s = c.prepareStatement("insert into acc (id, n) values (?, 1)")) {
        s.setInt(1, i);
        s.executeUpdate();
        // the writer dies under an open transaction, or before the next one has its first statement
        if (i % 10 == 5) call.execute("call lab.crash('rw-1', for_ms => 15)");
        isCommitting = true;
        c.commit();
        acknowledged.add(i);
      } catch (SQLException e) {
        String kind = e.getSQLState().substring(0, 2);
        expect(kind.equals("08") || kind.equals("40") || kind.equals("57"), e.getSQLState() + " " + e.getMessage());
        if (isCommitting && e.getSQLState().equals("08007")) unknown.add(i);
        c.rollback();
      }
    }
    c.setAutoCommit(true);
    Set<Integer> there = new TreeSet<>();
    try (Statement s = c.createStatement(); ResultSet r = s.executeQuery("select id from acc where id between 2000 and 2999")) {
      while (r.next()) there.add(r.getInt(1));
    }
    expect(there.containsAll(acknowledged), there + " lacks some of " + acknowledged);
    there.removeAll(acknowledged);
    expect(unknown.containsAll(there), there);
    expect(acknowledged.size() >= 40, acknowledged.size());
  }
}
