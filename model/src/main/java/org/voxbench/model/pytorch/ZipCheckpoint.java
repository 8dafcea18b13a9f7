package org.voxbench.model.pytorch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The form since PyTorch 1.6: a zip of uncompressed entries, {@code data.pkl} and one entry per
 * storage, all below one folder. Compressed entries are refused, so that nothing read is larger
 * than the file; damage is found by each entry's checksum.
 */
final class ZipCheckpoint implements Storages {

  private static final String PICKLE = "data.pkl";
  private static final int LARGEST_PICKLE = 64 << 20;

  private final Path file;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries;
  private final String folder;
  private final Object value;
  private final long size;
  private long left;

  private ZipCheckpoint(Path file, ZipFile zip) throws IOException {
    this.file = file;
    this.zip = zip;
    entries = entries(file, zip);
    size = Files.size(file);
    left = size;
    folder = folder();
    requireLittleEndian();
    ByteBuffer pickle = entry(PICKLE, LARGEST_PICKLE);
    value = new Unpickler(new PickleInput(file, folder + PICKLE, pickle)).load();
  }

  static ZipCheckpoint open(Path file) throws IOException {
    ZipFile zip = directory(file);
    try {
      return new ZipCheckpoint(file, zip);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static ZipFile directory(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile());
    } catch (IOException | RuntimeException e) {
      // A damaged directory shows itself by many kinds of exceptions of the zip library.
      throw new UnreadableWeightsException(file, damaged(Files.size(file), e), e);
    }
  }

  private static Map<String, ZipEntry> entries(Path file, ZipFile zip) throws IOException {
    try {
      return zip.stream().collect(Collectors.toMap(ZipEntry::getName, entry -> entry));
    } catch (RuntimeException e) {
      // Names that are not text, or there twice, are found only now.
      throw new UnreadableWeightsException(file, damaged(Files.size(file), e), e);
    }
  }

  private static String damaged(long size, Exception e) {
    return "starts like a zip but its directory of entries cannot be read (%s); the file is truncated or damaged (it has %d bytes), get it again"
        .formatted(e.getMessage(), size);
  }

  private String folder() throws UnreadableWeightsException {
    boolean program = false;
    String found = null;
    for (String name : entries.keySet()) {
      program |= name.endsWith("/constants.pkl");
      if (name.endsWith("/" + PICKLE) && name.indexOf('/') == name.lastIndexOf('/')) {
        found = name.substring(0, name.length() - PICKLE.length());
      }
    }
    if (program) {
      throw new UnreadableWeightsException(
          file,
          "is a TorchScript program, not a checkpoint; save the weights of the network it was made"
              + " from by torch.save(network.state_dict(), FILE)");
    }
    if (found == null) {
      throw new UnreadableWeightsException(
          file, "is a zip without FOLDER/data.pkl; expected a file that torch.save wrote");
    }
    return found;
  }

  private void requireLittleEndian() throws IOException {
    if (entries.containsKey(folder + "byteorder")) {
      ByteBuffer order = entry("byteorder", 16);
      if (order.remaining() != 6 || order.get(0) != 'l') {
        throw new UnreadableWeightsException(
            file, folder + "byteorder: expected little; save the file on a little-endian machine");
      }
    }
  }

  @Override
  public Object value() {
    return value;
  }

  @Override
  public ByteBuffer read(Storage storage) throws IOException {
    ByteBuffer bytes = entry("data/" + storage.key(), Integer.MAX_VALUE - 8L);
    if (bytes.remaining() != storage.bytes()) {
      throw new UnreadableWeightsException(
          file,
          "%sdata/%s: expected %d numbers of type %s but found %d bytes; the file is damaged"
              .formatted(
                  folder, storage.key(), storage.elements(), storage.type(), bytes.remaining()));
    }
    return bytes;
  }

  private ByteBuffer entry(String name, long most) throws IOException {
    String where = folder + name;
    ZipEntry entry = entries.get(where);
    if (entry == null) {
      throw new UnreadableWeightsException(
          file, where + " is missing in the archive; the file is damaged, get it again");
    }
    if (entry.getMethod() != ZipEntry.STORED) {
      throw new UnreadableWeightsException(
          file,
          where + " is compressed; PyTorch writes uncompressed entries, save it by torch.save");
    }
    // Entries that share bytes would let a small file ask for much memory.
    if (entry.getSize() > Math.min(left, most)) {
      throw new UnreadableWeightsException(
          file, "%s would have %d bytes of a file of %d".formatted(where, entry.getSize(), size));
    }
    left -= entry.getSize();
    byte[] content = bytes(entry, where);
    CRC32 sum = new CRC32();
    sum.update(content);
    if (sum.getValue() != entry.getCrc()) {
      throw new UnreadableWeightsException(
          file, where + " has another checksum than it was written with; get the file again");
    }
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] bytes(ZipEntry entry, String where) throws IOException {
    byte[] content = new byte[(int) entry.getSize()];
    try (InputStream in = zip.getInputStream(entry)) {
      int read = in.readNBytes(content, 0, content.length);
      if (read == content.length) {
        return content;
      }
      throw new UnreadableWeightsException(
          file, "%s ends after %d of %d bytes".formatted(where, read, content.length));
    } catch (UnreadableWeightsException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new UnreadableWeightsException(file, where + ": " + damaged(size, e), e);
    }
  }

  @Override
  public String form() {
    return "PyTorch checkpoint (zip)";
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
