package org.voxbench.steps.download;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a dataset comes from; {@code kind} in the configuration. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Source.Phantom.class, name = "phantom"),
  @JsonSubTypes.Type(value = Source.Folder.class, name = "folder"),
  @JsonSubTypes.Type(value = Source.Https.class, name = "https"),
  @JsonSubTypes.Type(value = Source.Manual.class, name = "manual")
})
public sealed interface Source {

  /**
   * Made-up scans that need no download.
   *
   * @param anatomy one of {@code ct-abdomen}, {@code mr-cardiac}, {@code mr-brain}, {@code
   *     ct-chest}
   * @param cases number of patients, 1 to 999
   * @param seed the same seed gives the same files
   */
  record Phantom(String anatomy, int cases, long seed) implements Source {

    public Phantom {
      if (cases < 1 || cases > 999) {
        throw new IllegalArgumentException(
            "dataset.source.cases: expected 1 to 999 but was " + cases);
      }
    }
  }

  /**
   * A folder or an archive (zip, tar, tar.gz) on this machine.
   *
   * @param path absolute by the time the step sees it
   */
  record Folder(String path) implements Source {

    public Folder {
      notBlank("path", path);
    }
  }

  /**
   * Files fetched over the network, archives among them unpacked.
   *
   * @param files at least one
   * @param parallel connections per file, 1 to 16; 4 when absent
   * @param tokenVariable name of the environment variable that holds a bearer token; none when
   *     absent. The token itself never stands in a configuration
   */
  record Https(List<RemoteFile> files, @Nullable Integer parallel, @Nullable String tokenVariable)
      implements Source {

    private static final int PARALLEL = 4;

    public Https {
      files = List.copyOf(files);
      if (files.isEmpty()) {
        throw new IllegalArgumentException("dataset.source.files: expected at least one file");
      }
      if (parallel != null && (parallel < 1 || parallel > 16)) {
        throw new IllegalArgumentException(
            "dataset.source.parallel: expected 1 to 16 but was " + parallel);
      }
      if (files.stream().map(RemoteFile::name).distinct().count() < files.size()) {
        throw new IllegalArgumentException("dataset.source.files: two files have the same name");
      }
    }

    int connections() {
      return Objects.requireNonNullElse(parallel, PARALLEL);
    }
  }

  /**
   * One file on a server.
   *
   * @param url https; plain http only to this machine itself
   * @param sha256 64 hexadecimal digits of the file's digest
   */
  record RemoteFile(String url, String sha256) {

    public RemoteFile {
      notBlank("files.url", url);
      URI uri = URI.create(url);
      boolean local = List.of("localhost", "127.0.0.1", "[::1]").contains(uri.getHost());
      if (!"https".equals(uri.getScheme()) && !(local && "http".equals(uri.getScheme()))) {
        throw new IllegalArgumentException(
            "dataset.source.files.url: expected an https address but was " + url);
      }
      sha256 = sha256.toLowerCase(Locale.ROOT);
      if (!sha256.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException(
            "dataset.source.files.sha256: expected 64 hexadecimal digits but was " + sha256);
      }
    }

    /** The last part of the address's path. */
    String name() {
      String path = URI.create(url).getPath();
      String name = path.substring(path.lastIndexOf('/') + 1);
      return name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") ? name : "download";
    }
  }

  /**
   * Data that only a person may fetch, after registering or accepting terms.
   *
   * @param path folder or archive where the person puts it; absolute by the time the step sees it
   * @param instructions what to fetch and where
   * @param waitMinutes how long to wait for it, at most 1440; 0 when absent: fail at once
   */
  record Manual(String path, String instructions, @Nullable Integer waitMinutes) implements Source {

    public Manual {
      notBlank("path", path);
      notBlank("instructions", instructions);
      if (waitMinutes != null && (waitMinutes < 0 || waitMinutes > 1440)) {
        throw new IllegalArgumentException(
            "dataset.source.waitMinutes: expected 0 to 1440 but was " + waitMinutes);
      }
    }

    int minutes() {
      return Objects.requireNonNullElse(waitMinutes, 0);
    }
  }

  private static void notBlank(String key, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(
          "dataset.source." + key + ": expected a text but found none");
    }
  }
}
