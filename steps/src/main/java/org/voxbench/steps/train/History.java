package org.voxbench.steps.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.checkpoint.Checkpoint;

/**
 * The two tables a training leaves, each with a header line, comma-separated, '.' as decimal point,
 * an empty cell or NaN where there is no value.
 *
 * <p>{@code history.csv}, one row per finished epoch: epoch (from 1), iterations (finished in all),
 * learning_rate (of the last iteration), train_loss (mean over the epoch), validation_loss,
 * validation_dice (mean over foreground classes), validation_average (its moving average), and
 * dice_N for each foreground class N.
 *
 * <p>{@code iterations.csv}, one row per iteration: iteration (from 1), epoch (from 1),
 * learning_rate, loss, gradient_norm (before clipping).
 *
 * <p>Rows are forced to the disk before the checkpoint that follows them, so that the tables of a
 * resumed training are those of an uninterrupted one.
 */
final class History implements AutoCloseable {

  static final String EPOCHS = "history.csv";
  static final String ITERATIONS = "iterations.csv";

  private static final String ITERATION_COLUMNS =
      "iteration,epoch,learning_rate,loss,gradient_norm";

  private final Path folder;
  private final String epochColumns;
  private Table epochs;
  private Table iterations;

  /**
   * Starts the tables.
   *
   * @param earlier folder whose rows up to {@code at} are taken over; may be {@code folder} itself
   * @param labels numbers of the foreground classes
   */
  History(Path folder, Path earlier, Checkpoint at, Set<Integer> labels) throws IOException {
    this.folder = folder;
    epochColumns =
        "epoch,iterations,learning_rate,train_loss,validation_loss,validation_dice,validation_average"
            + labels.stream().map(label -> ",dice_" + label).collect(Collectors.joining());
    List<String> epochRows = rows(earlier.resolve(EPOCHS), at.epoch());
    List<String> iterationRows = rows(earlier.resolve(ITERATIONS), at.iteration());
    epochs = new Table(folder.resolve(EPOCHS), epochColumns, epochRows);
    iterations = new Table(folder.resolve(ITERATIONS), ITERATION_COLUMNS, iterationRows);
  }

  /** Takes back all rows after a checkpoint. */
  void cutAfter(Checkpoint at) throws IOException {
    sync();
    close();
    epochs =
        new Table(folder.resolve(EPOCHS), epochColumns, rows(folder.resolve(EPOCHS), at.epoch()));
    iterations =
        new Table(
            folder.resolve(ITERATIONS),
            ITERATION_COLUMNS,
            rows(folder.resolve(ITERATIONS), at.iteration()));
  }

  void iteration(long finished, int epoch, double... values) throws IOException {
    iterations.add(Stream.of(Long.toString(finished), Integer.toString(epoch)), values);
  }

  void epoch(Checkpoint end, double... values) throws IOException {
    epochs.add(Stream.of(Integer.toString(end.epoch()), Long.toString(end.iteration())), values);
  }

  /** Forces all rows to the disk. */
  void sync() throws IOException {
    epochs.sync();
    iterations.sync();
  }

  @Override
  public void close() throws IOException {
    epochs.close();
    iterations.close();
  }

  /**
   * Rows whose first column is a number up to {@code last}; a row cut short by a crash is beyond.
   */
  private static List<String> rows(Path file, long last) throws IOException {
    if (last == 0 || !Files.exists(file)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.skip(1).filter(line -> number(line) <= last).toList();
    }
  }

  private static long number(String line) {
    int comma = line.indexOf(',');
    try {
      return comma < 0 ? Long.MAX_VALUE : Long.parseLong(line.substring(0, comma));
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private static final class Table implements AutoCloseable {

    private final FileChannel channel;
    private final BufferedWriter writer;

    Table(Path file, String columns, List<String> rows) throws IOException {
      AtomicFiles.write(
          file,
          out -> {
            out.write((columns + "\n").getBytes(StandardCharsets.UTF_8));
            for (String row : rows) {
              out.write((row + "\n").getBytes(StandardCharsets.UTF_8));
            }
          });
      channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
    }

    void add(Stream<String> counters, double[] values) throws IOException {
      Stream<String> cells =
          Arrays.stream(values).mapToObj(value -> Double.isNaN(value) ? "" : value + "");
      writer.write(Stream.concat(counters, cells).collect(Collectors.joining(",")) + "\n");
      writer.flush();
    }

    void sync() throws IOException {
      writer.flush();
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }
}
