package org.voxbench.steps.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.voxbench.steps.AtomicFiles;

/**
 * Prepared cases that runs share, one folder per key. A case appears whole, by one rename, and is
 * never changed afterwards. The outputs of runs hold hard links to its files (copies where there
 * are none): taking a case away from here never harms an output, it costs a preparation at most.
 *
 * <pre>
 * KK/KEY/image.f32, labels.i8, locations.i32, case.json   KK: the first two digits of KEY
 * KK/KEY.lock                                             held while somebody works on the case
 * KK/SCAN.made                                           what the scan was prepared to last, in words
 * KK/KEY.tmp-RANDOM-PID/                                  about to appear, or left by a dead worker
 * </pre>
 */
public final class CaseStore {

  private static final String UNFINISHED = ".tmp-";

  private final Path folder;

  /**
   * A case of the store.
   *
   * @param folder where it lies
   * @param bytes size of its files
   * @param used whether an output on this disk holds a link to it; false where it holds copies
   */
  public record Entry(Path folder, long bytes, boolean used) {}

  public CaseStore(Path folder) {
    this.folder = folder;
  }

  /**
   * The right to make or take the case, unless another thread or process has it. The right of a
   * process that died ends with it.
   */
  public Optional<Claim> claim(String key) throws IOException {
    Files.createDirectories(place(key).getParent());
    return Claim.tryFor(place(key).resolveSibling(key + ".lock"));
  }

  /** Whether there is a case of this key, sound or not. */
  public boolean holds(String key) {
    return Files.isDirectory(place(key));
  }

  /**
   * Takes a case into a dataset under the name {@code id}, after all its files were verified.
   *
   * @return what is wrong with it, in words: then it was taken out of the store and not used
   */
  public Optional<String> take(String key, String id, PreparedFiles target) throws IOException {
    CaseFolder stored = new CaseFolder(place(key));
    Optional<String> damage = stored.damage(key);
    try {
      if (damage.isPresent()) {
        new CaseFolder(moved(stored.path(), scratch(key))).delete();
      } else {
        stored.linkTo(target.home(id));
      }
      return damage;
    } catch (NoSuchFileException e) {
      target.discard(id);
      return Optional.of("it was removed meanwhile");
    }
  }

  /** Lets others have a case of a dataset; where somebody was first, theirs stands. */
  public void share(String key, String id, PreparedFiles source) throws IOException {
    Path place = place(key);
    Files.createDirectories(place.getParent());
    CaseFolder scratch = new CaseFolder(scratch(key));
    try {
      source.home(id).linkTo(scratch);
      moved(scratch.path(), place);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(place)) {
        throw e;
      }
    } finally {
      scratch.delete();
    }
  }

  /**
   * Notes what a scan was prepared to, so that a later run can say why it prepares it again.
   *
   * @param scan digest of the raw scan
   * @param making in words, on one line
   */
  public void remember(String scan, String making) throws IOException {
    Path file = made(scan);
    Files.createDirectories(file.getParent());
    AtomicFiles.replace(file, making.getBytes(StandardCharsets.UTF_8));
  }

  /** What {@link #remember} noted last of a scan. */
  public Optional<String> remembered(String scan) throws IOException {
    Path file = made(scan);
    return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  private Path made(String scan) {
    return place(scan).resolveSibling(scan + ".made");
  }

  /** All cases, and what dead workers left; for whoever makes room on the disk. */
  public List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return entries;
    }
    try (Stream<Path> folders = Files.find(folder, 2, (path, its) -> its.isDirectory())) {
      for (Path path : folders.sorted().toList()) {
        String name = path.getFileName().toString();
        if (folder.relativize(path).getNameCount() == 2 && !inWork(name)) {
          CaseFolder one = new CaseFolder(path);
          boolean whole = !name.contains(UNFINISHED);
          entries.add(new Entry(path, one.bytes(), whole && one.names() > 1));
        }
      }
    }
    return entries;
  }

  /** Takes a case away; no output is harmed. */
  public void remove(Entry entry) throws IOException {
    if (!entry.folder().startsWith(folder)) {
      throw new IllegalArgumentException(entry.folder() + " is no case of " + folder);
    }
    new CaseFolder(entry.folder()).delete();
  }

  private static Path moved(Path from, Path to) throws IOException {
    return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path scratch(String key) {
    String random = Long.toHexString(System.nanoTime());
    return place(key)
        .resolveSibling(key + UNFINISHED + random + "-" + ProcessHandle.current().pid());
  }

  private static boolean inWork(String name) {
    return name.contains(UNFINISHED)
        && ProcessHandle.of(Long.parseLong(name.substring(name.lastIndexOf('-') + 1))).isPresent();
  }

  private Path place(String key) {
    return folder.resolve(key.substring(0, 2)).resolve(key);
  }
}
