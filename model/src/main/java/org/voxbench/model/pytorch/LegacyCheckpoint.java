package org.voxbench.model.pytorch;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The form before PyTorch 1.6: five pickles one after another (a magic number, the protocol, the
 * machine, the value, the keys of its storages), then each storage as its count and its numbers.
 */
final class LegacyCheckpoint implements Storages {

  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final Long PROTOCOL = 1001L;

  private static final long FIRST = 1 << 16;
  private static final long LARGEST_PICKLES = 64 << 20;

  private final Path file;
  private final FileChannel channel;
  private final Object value;
  private final Map<String, Long> positions = new HashMap<>();

  private LegacyCheckpoint(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    PickleInput in = new PickleInput(file, this::front);
    require(MAGIC.equals(load(in.named("magic number"))), "another magic number");
    require(PROTOCOL.equals(load(in.named("protocol"))), "another protocol than 1001");
    Object machine = load(in.named("machine"));
    require(
        !(machine instanceof Map<?, ?> facts) || !Boolean.FALSE.equals(facts.get("little_endian")),
        "numbers of a big-endian machine");
    Unpickler unpickler = new Unpickler(in.named("value"));
    value = unpickler.load();
    Object keys = load(in.named("storage keys"));
    require(keys instanceof List<?>, "no list of storage keys");
    locate((List<?>) keys, unpickler.storages(), in.position());
  }

  static LegacyCheckpoint open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new LegacyCheckpoint(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Object load(PickleInput in) throws UnreadableWeightsException {
    return new Unpickler(in).load();
  }

  private ByteBuffer front(long length) throws IOException {
    long wanted = Math.max(FIRST, length + length / 2);
    return bytes(0, Math.min(wanted, Math.min(channel.size(), LARGEST_PICKLES)));
  }

  private void locate(List<?> keys, Map<String, Storage> storages, long start) throws IOException {
    long position = start;
    for (Object key : keys) {
      Storage storage = key instanceof String name ? storages.get(name) : null;
      if (storage == null) {
        throw unexpected("a storage that no tensor uses");
      }
      long left = channel.size() - position - Long.BYTES;
      if (storage.bytes() > left) {
        throw new UnreadableWeightsException(
            file,
            "storage %s needs %d bytes from byte %d on but only %d are left; the file is truncated, get it again"
                .formatted(key, storage.bytes(), position, Math.max(0, left)));
      }
      positions.put(storage.key(), position);
      position += Long.BYTES + storage.bytes();
    }
  }

  @Override
  public Object value() {
    return value;
  }

  @Override
  public ByteBuffer read(Storage storage) throws IOException {
    Long position = positions.get(storage.key());
    if (position == null) {
      throw unexpected("no numbers of storage " + storage.key());
    }
    ByteBuffer count = bytes(position, Long.BYTES);
    require(
        count.getLong(0) == storage.elements(),
        "another count of numbers in storage %s than its tensor says".formatted(storage.key()));
    return bytes(position + Long.BYTES, storage.bytes());
  }

  private ByteBuffer bytes(long position, long length) throws IOException {
    require(length <= Integer.MAX_VALUE - 8L, "a storage of more than 2 GB");
    ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      require(channel.read(bytes, position + bytes.position()) > 0, "an early end");
    }
    return bytes.flip();
  }

  private void require(boolean condition, String found) throws UnreadableWeightsException {
    if (!condition) {
      throw unexpected(found);
    }
  }

  private UnreadableWeightsException unexpected(String found) {
    return new UnreadableWeightsException(
        file, "expected a file that torch.save wrote but found %s; get it again".formatted(found));
  }

  @Override
  public String form() {
    return "PyTorch checkpoint (legacy)";
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
