package org.voxbench.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The safetensors file format: a JSON header with offsets, then the bytes of all tensors. */
final class SafeTensors {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final int LARGEST_HEADER = 16 << 20;
  private static final String METADATA = "__metadata__";

  /** What a file holds, in its own order. */
  record Content(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  private SafeTensors() {}

  static void write(Path file, Content content) throws IOException {
    byte[] header = header(content);
    ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(header.length).put(header).flip();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeFully(channel, start);
      for (Tensor tensor : content.tensors().values()) {
        writeFully(channel, tensor.bytes());
      }
      channel.force(true);
    }
  }

  static Content read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      JsonNode header = readHeader(file, channel);
      long start = channel.position();
      Map<String, String> metadata = new LinkedHashMap<>();
      header
          .path(METADATA)
          .properties()
          .forEach(field -> metadata.put(field.getKey(), field.getValue().asText()));
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      long left = channel.size() - start;
      for (Map.Entry<String, JsonNode> field : header.properties()) {
        if (!field.getKey().equals(METADATA)) {
          Tensor tensor = readTensor(file, channel, start, field);
          tensors.put(field.getKey(), tensor);
          // Tensors that share bytes would let a small file ask for much memory.
          left -= tensor.bytes().remaining();
          if (left < 0) {
            throw new IOException(
                "%s: tensor %s shares bytes with another".formatted(file, field.getKey()));
          }
        }
      }
      return new Content(tensors, metadata);
    }
  }

  private static byte[] header(Content content) throws JsonProcessingException {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode metadata = root.putObject(METADATA).put("format", "pt");
    content.metadata().forEach(metadata::put);
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : content.tensors().entrySet()) {
      Tensor tensor = entry.getValue();
      ObjectNode node = root.putObject(entry.getKey());
      node.put("dtype", tensor.kind() == Tensor.Kind.FLOAT32 ? "F32" : "I64");
      tensor.shape().forEach(node.putArray("shape")::add);
      long end = offset + tensor.bytes().remaining();
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String text = JSON.writeValueAsString(root);
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    // The format wants the data to start at a multiple of eight bytes; spaces fill the header.
    String padding = " ".repeat(Math.floorMod(-plain.length, 8));
    return (text + padding).getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode readHeader(Path file, FileChannel channel) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    readFully(file, channel, length);
    long size = length.getLong(0);
    if (size < 2 || size > LARGEST_HEADER) {
      throw new IOException(
          "%s: not a safetensors file (its header would have %d bytes)".formatted(file, size));
    }
    if (size > channel.size() - channel.position()) {
      throw new EOFException(
          "%s: the file is truncated, its header would have %d bytes but %d are left"
              .formatted(file, size, channel.size() - channel.position()));
    }
    ByteBuffer header = ByteBuffer.allocate((int) size);
    readFully(file, channel, header);
    try {
      JsonNode root = JSON.readTree(header.array());
      if (root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s: the safetensors header is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
    throw new IOException(file + ": the safetensors header is not a JSON object");
  }

  private static Tensor readTensor(
      Path file, FileChannel channel, long start, Map.Entry<String, JsonNode> field)
      throws IOException {
    String where = file + ": tensor " + field.getKey();
    String dtype = field.getValue().path("dtype").asText().toUpperCase(Locale.ROOT);
    if (!dtype.equals("F32") && !dtype.equals("I64")) {
      throw new IOException(where + ": expected dtype F32 or I64 but was " + dtype);
    }
    List<Integer> shape = new ArrayList<>();
    for (JsonNode size : field.getValue().path("shape")) {
      if (!size.canConvertToInt() || size.asInt() < 0) {
        throw new IOException(where + ": impossible shape " + field.getValue().path("shape"));
      }
      shape.add(size.asInt());
    }
    long from = field.getValue().path("data_offsets").path(0).asLong(-1);
    long to = field.getValue().path("data_offsets").path(1).asLong(-1);
    if (from < 0 || to < from || to - from > Integer.MAX_VALUE - 8L) {
      throw new IOException("%s: impossible data offsets %d to %d".formatted(where, from, to));
    }
    if (to > channel.size() - start) {
      throw new EOFException(
          "%s: the file is truncated, it has %d bytes but this tensor ends at byte %d"
              .formatted(where, channel.size(), to > Long.MAX_VALUE - start ? to : start + to));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
    channel.position(start + from);
    readFully(file, channel, bytes);
    Tensor.Kind kind = dtype.equals("F32") ? Tensor.Kind.FLOAT32 : Tensor.Kind.INT64;
    try {
      return new Tensor(shape, kind, bytes.flip());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException(where + ": " + e.getMessage(), e);
    }
  }

  private static void readFully(Path file, FileChannel channel, ByteBuffer into)
      throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException(
            "%s: the file is truncated, it ends after %d bytes".formatted(file, channel.size()));
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
