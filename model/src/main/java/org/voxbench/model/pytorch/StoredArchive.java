package org.voxbench.model.pytorch;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.voxbench.model.Tensor;

/**
 * A zip as PyTorch writes it: uncompressed entries below one folder, each starting at a multiple of
 * 64 bytes so that numbers can be mapped into memory. The file appears under its name when all of
 * it is on the disk; the same content gives the same bytes.
 */
final class StoredArchive implements Closeable {

  private static final int BUFFER = 1 << 16;
  private static final int ALIGNMENT = 64;
  private static final int ENTRY_HEADER = 30;
  private static final int EXTRA_HEADER = 4;

  /** The tag under which PyTorch pads; any other reader skips it. */
  private static final short PADDING = 0x4246;

  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final Path target;
  private final Path temporary;
  private final String folder;
  private final FileChannel channel;
  private final ZipOutputStream zip;
  private final WritableByteChannel content;

  StoredArchive(Path target, String folder) throws IOException {
    this.target = target;
    this.folder = folder;
    temporary = target.resolveSibling("." + target.getFileName() + ".writing");
    channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    zip = new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
    content = Channels.newChannel(zip);
  }

  void put(String name, String text) throws IOException {
    put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void put(String name, byte[] bytes) throws IOException {
    put(name, ByteBuffer.wrap(bytes));
  }

  /** The numbers of all tensors, each in the entry of its key. */
  void put(IdentityHashMap<Tensor, Integer> storages) throws IOException {
    var inOrder = storages.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList();
    for (Map.Entry<Tensor, Integer> entry : inOrder) {
      put("data/" + entry.getValue(), entry.getKey().bytes());
    }
  }

  private void put(String name, ByteBuffer bytes) throws IOException {
    String path = folder + "/" + name;
    CRC32 sum = new CRC32();
    sum.update(bytes.duplicate());
    ZipEntry entry = new ZipEntry(path);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.remaining());
    entry.setCrc(sum.getValue());
    entry.setTimeLocal(NO_TIME);
    zip.flush();
    entry.setExtra(padding(channel.position() + ENTRY_HEADER + path.length() + EXTRA_HEADER));
    zip.putNextEntry(entry);
    while (bytes.hasRemaining()) {
      content.write(bytes);
    }
    zip.closeEntry();
  }

  private static byte[] padding(long start) {
    int length = (int) Math.floorMod(-start, (long) ALIGNMENT);
    return ByteBuffer.allocate(EXTRA_HEADER + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(PADDING)
        .putShort((short) length)
        .array();
  }

  /** Makes the archive whole and gives it its name. */
  void publish() throws IOException {
    zip.finish();
    zip.flush();
    channel.force(true);
    zip.close();
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes what was not published. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
  }
}
