package org.voxbench.steps.download;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.voxbench.steps.AtomicFiles;

/**
 * A file of which chunks have arrived. Which ones is kept beside it, so that a later attempt goes
 * on from there. Safe for use by several threads.
 */
final class PartialFile implements Closeable {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path part;
  private final Path state;
  private final State origin;
  private final BitSet done = new BitSet();
  private final AtomicLong arrived = new AtomicLong();
  private final FileChannel channel;

  /** What must be unchanged on the server for the chunks to belong together, and what arrived. */
  record State(long total, String validator, int chunkBytes, List<Integer> done) {

    boolean sameFileAs(State other) {
      return total == other.total
          && validator.equals(other.validator)
          && chunkBytes == other.chunkBytes;
    }
  }

  private PartialFile(Path part, State origin) throws IOException {
    this.part = part;
    this.state = stateOf(part);
    this.origin = origin;
    if (Files.exists(part) && Files.exists(state)) {
      State earlier = JSON.readValue(Files.readAllBytes(state), State.class);
      if (earlier.sameFileAs(origin)) {
        earlier.done().forEach(done::set);
        earlier.done().forEach(chunk -> arrived.addAndGet(last(chunk) - first(chunk) + 1));
      }
    }
    this.channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.size() > origin.total()) {
      channel.truncate(origin.total());
    }
  }

  /** Opens what an earlier attempt left, or starts anew when the server's file is another one. */
  static PartialFile open(Path part, long total, String validator, int chunkBytes)
      throws IOException {
    return new PartialFile(part, new State(total, validator, chunkBytes, List.of()));
  }

  /** Takes over what an attempt that did not finish left in another folder. */
  static void adopt(Path earlierPart, Path part) throws IOException {
    if (Files.exists(earlierPart) && Files.exists(stateOf(earlierPart)) && !Files.exists(part)) {
      Files.copy(earlierPart, part, StandardCopyOption.REPLACE_EXISTING);
      Files.copy(stateOf(earlierPart), stateOf(part), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  static void discard(Path part) throws IOException {
    Files.deleteIfExists(stateOf(part));
    Files.deleteIfExists(part);
  }

  private static Path stateOf(Path part) {
    return part.resolveSibling(part.getFileName() + ".json");
  }

  synchronized List<Integer> missing() {
    List<Integer> missing = new ArrayList<>();
    long chunks = (origin.total() + origin.chunkBytes() - 1) / origin.chunkBytes();
    for (int chunk = done.nextClearBit(0); chunk < chunks; chunk = done.nextClearBit(chunk + 1)) {
      missing.add(chunk);
    }
    return missing;
  }

  long first(int chunk) {
    return (long) chunk * origin.chunkBytes();
  }

  long last(int chunk) {
    return Math.min(first(chunk) + origin.chunkBytes(), origin.total()) - 1;
  }

  void write(byte[] bytes, int count, long at) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    long position = at;
    while (buffer.hasRemaining()) {
      position += channel.write(buffer, position);
    }
    arrived.addAndGet(count);
  }

  synchronized void complete(int chunk) throws IOException {
    done.set(chunk);
    List<Integer> chunks = done.stream().boxed().toList();
    State now = new State(origin.total(), origin.validator(), origin.chunkBytes(), chunks);
    AtomicFiles.write(state, JSON.writeValueAsBytes(now));
  }

  long arrived() {
    return arrived.get();
  }

  /** Gives the complete file its name. */
  void finish(Path file) throws IOException {
    channel.close();
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(state);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
