package org.voxbench.workflows.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** The tables of the index, and what becomes of those of an earlier version. */
class JournalTablesTest {

  private static JdbcDataSource database() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return database;
  }

  private static List<String> tables(JdbcDataSource database) throws Exception {
    List<String> tables = new ArrayList<>();
    try (Connection connection = database.getConnection();
        ResultSet rows =
            connection.getMetaData().getTables(null, "JOURNAL", null, new String[] {"TABLE"})) {
      while (rows.next()) {
        tables.add(rows.getString("TABLE_NAME"));
      }
    }
    return tables;
  }

  @Test
  void anIndexOfTheSecondVersionIsBroughtUpToDateWithItsRuns() throws Exception {
    JdbcDataSource database = database();
    Flyway.configure(RunJournal.class.getClassLoader())
        .dataSource(database)
        .defaultSchema("JOURNAL")
        .createSchemas(true)
        .locations("classpath:db/journal")
        .target("2")
        .load()
        .migrate();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into journal.slot (name, run_id, step) values ('cpu', 'demo-1', 'train')");
      statement.execute("insert into journal.shipped_state values ('demo-1', 'RUNNING')");
    }
    assertThat(tables(database)).contains("SHIPPED", "SHIPPED_STATE");
    RunJournal journal = new RunJournal(database, Path::of);
    assertThat(tables(database)).contains("RUN", "SLOT").doesNotContain("SHIPPED", "SHIPPED_STATE");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from journal.slot")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(1);
    }
    journal.clear();
  }
}
