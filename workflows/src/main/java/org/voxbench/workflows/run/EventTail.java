package org.voxbench.workflows.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.voxbench.workflows.Json;

/**
 * A reader's place in an {@code events.jsonl} that somebody else is still writing. A half-written
 * last line is left for the next call; a line torn by a crash in the middle is passed over.
 */
public final class EventTail {

  private static final int CHUNK = 1 << 20;

  private final Path file;
  private long offset;

  /**
   * Starts at a saved place.
   *
   * @param offset bytes already read; always the end of a line
   */
  public EventTail(Path file, long offset) {
    this.file = file;
    this.offset = offset;
  }

  /** Bytes read so far. */
  public long offset() {
    return offset;
  }

  /** The complete lines since the last call, at most about a mebibyte of them. */
  public List<Event> next() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    byte[] bytes = read();
    List<Event> events = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        parse(bytes, start, i - start, events);
        start = i + 1;
      }
    }
    offset += start;
    return events;
  }

  private static void parse(byte[] bytes, int start, int length, List<Event> events)
      throws IOException {
    try {
      events.add(Json.MAPPER.readValue(bytes, start, length, Event.class));
    } catch (JsonProcessingException e) {
      // Torn by a crash of the machine: what stood there is gone, what follows is not.
    }
  }

  private byte[] read() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer =
          ByteBuffer.allocate((int) Math.max(0, Math.min(CHUNK, channel.size() - offset)));
      while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {}
      byte[] bytes = new byte[buffer.position()];
      buffer.flip().get(bytes);
      return bytes;
    }
  }
}
