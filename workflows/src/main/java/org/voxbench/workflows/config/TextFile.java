package org.voxbench.workflows.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a small UTF-8 file, or says why not. */
final class TextFile {

  static final int MOST_BYTES = 1 << 20;

  private final Path file;
  private final Path shown;
  private final Location asked;
  private final String setting;
  private final List<Problem> problems;

  /**
   * A file that is wanted.
   *
   * @param shown the file as messages name it
   * @param asked where the file is asked for
   * @param setting path of the setting that names it; empty when the command line does
   */
  TextFile(Path file, Path shown, Location asked, String setting, List<Problem> problems) {
    this.file = file;
    this.shown = shown;
    this.asked = asked;
    this.setting = setting;
    this.problems = problems;
  }

  /** The text without a byte order mark; empty, with a problem, when it cannot be had. */
  Optional<String> text() {
    if (Files.isDirectory(file)) {
      return refuse("a YAML file", "a folder" + at(), "");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      return bytes.length > MOST_BYTES
          ? refuse("at most 1 MiB of YAML", "more" + at(), "")
          : decode(bytes);
    } catch (NoSuchFileException e) {
      return refuse("a YAML file", "nothing" + at(), nearest());
    } catch (AccessDeniedException e) {
      return refuse("a YAML file", "one without read permission" + at(), "chmod u+r " + shown);
    } catch (IOException e) {
      return refuse("a YAML file", "one that cannot be read" + at() + ": " + e.getMessage(), "");
    }
  }

  /** The file's name, unless the location of the problem tells it already. */
  private String at() {
    return setting.isEmpty() ? "" : " at " + (shown.toString().isEmpty() ? "." : shown);
  }

  private Optional<String> refuse(String expected, String found, String remedy) {
    problems.add(new Problem(asked, setting, expected, found, remedy));
    return Optional.empty();
  }

  private Optional<String> decode(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      Location location = SyntaxProblem.locationOf(shown.toString(), text, text.length());
      String found = String.format("the byte 0x%02X", bytes[in.position()]);
      problems.add(new Problem(location, "", "UTF-8 text", found, "save the file as UTF-8"));
      return Optional.empty();
    }
    return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
  }

  private String nearest() {
    Path folder = file.toAbsolutePath().getParent();
    Path name = file.getFileName();
    if (folder == null || name == null || !Files.isDirectory(folder)) {
      return folder == null ? "" : "the folder does not exist either";
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files.limit(1000).map(f -> String.valueOf(f.getFileName())).collect(Collectors.toList());
      return Nearest.to(name.toString(), names)
          .map(other -> "did you mean " + shown.resolveSibling(other) + "?")
          .orElse("");
    } catch (IOException e) {
      // The file itself is the news; without a listing there is no hint.
      return "";
    }
  }
}
