package org.voxbench.workflows.keep;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.StepRun;

/**
 * Archives: a run with the outputs that it names, or a whole home folder, as one zip file whose
 * entries lie as they do in the home folder.
 */
public final class RunArchive {

  private static final String RUNS = "runs/";

  /** The comment of an archive that was written to its end. */
  private static final String WHOLE = "voxbench: whole";

  private final Home home;

  public RunArchive(Home home) {
    this.home = home;
  }

  /** Writes an archive somewhere. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Puts an archive into a file that must not exist: whole or not at all.
   *
   * @throws IllegalArgumentException when the file is there, or cannot be
   */
  public static void save(Path file, Content content) throws IOException {
    if (Files.exists(file)) {
      throw new IllegalArgumentException(file + ": expected no such file but there is one");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          file + ": expected a file in a folder that exists but found no folder " + folder);
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (OutputStream out = Files.newOutputStream(part)) {
        content.writeTo(out);
      }
      try (ZipFile zip = open(part)) {
        if (!WHOLE.equals(zip.getComment())) {
          throw new IOException(file + ": the archive broke off while it was written; try again");
        }
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Writes a run and the outputs that it names. */
  public void export(Run run, OutputStream out) throws IOException {
    Set<Path> folders = new TreeSet<>();
    folders.add(home.run(run.id()));
    for (StepRun step : run.steps()) {
      String fingerprint = step.fingerprint();
      if (fingerprint != null) {
        Path output = home.store().resolve(step.name().key()).resolve(fingerprint.substring(0, 16));
        if (Files.isDirectory(output)) {
          folders.add(output);
        }
      }
    }
    write(out, folders, path -> true);
  }

  /** Writes a home folder: all of it that cannot be found out again. */
  public void backup(OutputStream out) throws IOException {
    Set<String> left = Set.of("natives", "coordinator.lock", "coordinator.json", "token", "spare");
    write(
        out,
        Set.of(home.root()),
        path -> {
          String top = home.root().relativize(path).getName(0).toString();
          return !left.contains(top) && !top.startsWith("index.");
        });
  }

  private void write(OutputStream out, Set<Path> folders, Predicate<Path> wanted)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    for (Path folder : folders) {
      for (Path each : Trees.files(folder)) {
        if (wanted.test(each)) {
          entry(zip, each);
        }
      }
    }
    // Not by closing it whatever happens: an archive that broke off shall not look whole.
    zip.setComment(WHOLE);
    zip.finish();
  }

  private void entry(ZipOutputStream zip, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      zip.putNextEntry(new ZipEntry(home.root().relativize(file).toString().replace('\\', '/')));
      in.transferTo(zip);
      zip.closeEntry();
    } catch (NoSuchFileException e) {
      // Somebody at work took it away meanwhile, as temporary files are.
    }
  }

  /**
   * Takes a run out of an archive into the home folder. Outputs that are there already stay.
   *
   * @return the run's id
   * @throws IllegalArgumentException when this is no archive of one run, or the run is there
   */
  public String take(Path file) throws IOException {
    try (ZipFile zip = open(file)) {
      Set<String> runs = new TreeSet<>();
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        String name = all.nextElement().getName();
        String[] parts = name.split("/", -1);
        if (name.startsWith(RUNS) && name.endsWith("/run.json") && parts.length == 3) {
          runs.add(parts[1]);
        }
      }
      if (runs.size() != 1) {
        throw new IllegalArgumentException(
            file + ": expected an archive of one run but found " + runs.size() + " runs");
      }
      String id = runs.iterator().next();
      if (Files.exists(home.run(id))) {
        throw new IllegalArgumentException(
            file + ": expected a run that is not in " + home.root() + " but " + id + " is there");
      }
      Run run;
      try (InputStream in = zip.getInputStream(zip.getEntry(RUNS + id + "/run.json"))) {
        run = Json.MAPPER.readValue(in, Run.class);
      }
      if (!run.id().equals(id) || !run.state().ended()) {
        throw new IllegalArgumentException(
            file + ": expected a run that has ended but found " + run.id() + ", " + run.state());
      }
      extract(zip, file);
      return id;
    }
  }

  /** Takes everything out of a backup into a home folder that has no run. */
  public void restore(Path file) throws IOException {
    try (var runs = Files.list(home.runs())) {
      if (runs.findAny().isPresent()) {
        throw new IllegalArgumentException(
            home.root() + ": expected a home folder without runs; give a new one with --home DIR");
      }
    }
    try (ZipFile zip = open(file)) {
      extract(zip, file);
    }
  }

  private static ZipFile open(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          file + ": expected an archive that voxbench made but found " + e.getMessage(), e);
    }
  }

  /**
   * Everything goes to a folder of its own first and is moved from there, so that an archive that
   * breaks off half way leaves nothing behind.
   */
  private void extract(ZipFile zip, Path file) throws IOException {
    Path aside = Files.createTempDirectory(home.root(), "import");
    try {
      long room = Files.getFileStore(home.root()).getUsableSpace();
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        Path target = aside.resolve(entry.getName()).normalize();
        if (!target.startsWith(aside) || entry.isDirectory() || entry.getName().contains("\\")) {
          throw new IllegalArgumentException(
              file + ": expected files inside the home folder but found " + entry.getName());
        }
        room -= entry.getSize();
        if (room < 0) {
          throw new IllegalArgumentException(
              file + ": expected room for its content below " + home.root() + " but there is none");
        }
        Files.createDirectories(target.resolveSibling("."));
        try (InputStream in = zip.getInputStream(entry)) {
          Files.copy(in, target);
        }
      }
      settle(aside);
    } finally {
      Trees.delete(aside);
    }
  }

  private void settle(Path aside) throws IOException {
    for (StepName step : StepName.values()) {
      moveMissing(aside.resolve("store").resolve(step.key()), home.store().resolve(step.key()));
    }
    for (String folder : new String[] {"sweeps", "schedules", "artifacts", "store"}) {
      moveMissing(aside.resolve(folder), home.root().resolve(folder));
    }
    moveMissing(aside.resolve("runs"), home.runs());
    moveMissing(aside, home.root());
  }

  /** Moves what the target lacks. */
  private static void moveMissing(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    Files.createDirectories(to);
    try (var children = Files.list(from)) {
      for (Path child : children.toList()) {
        Path target = to.resolve(child.getFileName());
        if (!Files.exists(target)) {
          Files.move(child, target);
        }
      }
    }
  }
}
