package org.voxbench.workflows.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The index on a disk that is full for a while: H2 gives the database up, the pool does not. */
@Timeout(120)
class LostDatabaseTest {

  private static final AtomicBoolean FULL = new AtomicBoolean();

  /** Files of the real disk, as H2 sees them while it has no room. */
  public static final class SmallDisk extends FilePathWrapper {

    @Override
    public String getScheme() {
      return "smalldisk";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
      return new SmallFile(getBase().open(mode));
    }
  }

  private static final class SmallFile extends FileBaseDefault {

    private final FileChannel file;

    private SmallFile(FileChannel file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public synchronized int read(ByteBuffer bytes, long position) throws IOException {
      return file.read(bytes, position);
    }

    @Override
    public synchronized int write(ByteBuffer bytes, long position) throws IOException {
      if (FULL.get()) {
        throw new IOException("No space left on device");
      }
      return file.write(bytes, position);
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      file.force(metadata);
    }

    @Override
    public java.nio.channels.FileLock tryLock(long position, long size, boolean shared)
        throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }

  private static void insert(HikariDataSource pool, int number) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("insert into t values (" + number + ", repeat('x', 100000))");
    }
  }

  @Test
  void whatWasCommittedIsThereAndWorkGoesOnOnceThereIsRoomAgain(@TempDir Path folder)
      throws Exception {
    FilePath.register(new SmallDisk());
    try (HikariDataSource pool =
        Ground.pool("jdbc:h2:smalldisk:" + folder.resolve("index") + Ground.KEPT)) {
      List<Connection> used = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        used.add(pool.getConnection());
      }
      for (Connection connection : used) {
        connection.close();
      }
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("create table t (n int primary key, filler clob)");
      }
      insert(pool, 1);
      FULL.set(true);
      assertThatThrownBy(() -> insert(pool, 2)).isInstanceOf(SQLException.class);
      FULL.set(false);
      // Each connection of the pool finds out once.
      int failures = 0;
      while (failures < 5) {
        try {
          insert(pool, 3);
          break;
        } catch (SQLException lost) {
          failures++;
        }
      }
      assertThat(failures).isLessThan(5);
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("select n from t order by n")) {
        List<Integer> numbers = new ArrayList<>();
        while (rows.next()) {
          numbers.add(rows.getInt(1));
        }
        // What failed to commit may have reached the disk all the same.
        assertThat(numbers).contains(1, 3).isSubsetOf(1, 2, 3);
      }
    } finally {
      FULL.set(false);
      FilePath.unregister(new SmallDisk());
    }
  }
}
