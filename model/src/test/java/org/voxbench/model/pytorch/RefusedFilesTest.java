package org.voxbench.model.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each refusal names the file, the place, what was found and the cure. */
final class RefusedFilesTest {

  /** A tensor of two numbers in storage 0, then its offset, sizes and strides. */
  private static final String STORAGE =
      "ctorch._utils\n_rebuild_tensor_v2\n((U\7storagectorch\nFloatStorage\nU\0010U\3cpuK\4tQ";

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"malicious.model", "malicious-legacy.model"})
  void aPickleThatCallsTheSystemIsRefusedByNameAndPlaceAndNothingRuns(String name)
      throws IOException {
    Path file = Checkpoints.copy(name, folder);
    assertThatThrownBy(() -> WeightFiles.read(file))
        .isInstanceOf(UnreadableWeightsException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("byte")
        .hasMessageContaining("the global posix.system is refused")
        .hasMessageContaining("get it from its source again");
    assertThat(Path.of("executed")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cos\\nsystem\\n(U\\1xtR. | byte 2: the global os.system is refused",
        "cbuiltins\\neval\\n. | the global builtins.eval is refused",
        "c__builtin__\\ngetattr\\n. | the global __builtin__.getattr is refused",
        "ctorch.storage\\n"
            + "_load_from_bytes\\n"
            + ". | the global torch.storage._load_from_bytes is refused",
        "U\\2osU\\6system\u0093. | the global os.system is refused",
        "(ios\\nsystem\\n. | byte 3: the opcode 0x69 (INST) is refused",
        "(o. | the opcode 0x6f (OBJ) is refused",
        ")\u0081. | the opcode 0x81 (NEWOBJ) is refused",
        "\u0082\\1. | the opcode 0x82 (EXT) is refused",
        "I1\\n. | the opcode 0x49 (of protocol 0) is refused",
        "\u00ff | the opcode 0xff (unknown) is refused"
      })
  void whatCouldReachCodeIsRefusedByName(String pickle, String message) throws IOException {
    Path file = Checkpoints.pickled(folder, "\u0080\2" + unescaped(pickle));
    assertThatThrownBy(() -> WeightFiles.read(file))
        .isInstanceOf(UnreadableWeightsException.class)
        .hasMessageContaining("data.pkl, ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "K\\0(K\\5t(K\\1tt | elements 0 to 4 of a storage of 4",
        "K\\3(K\\2t(K\\1tt | elements 3 to 4 of a storage of 4",
        "K\\0(K\\2t(J\u00ff\u00ff\u00ff\u00fftt | negative",
        "J\u00ff\u00ff\u00ff\u00ff(K\\2t(K\\1tt | elements -1",
        "K\\0(K\\2K\\2t(K\\1tt | does not go with strides",
        "K\\0(\u008a\\10\\0\\0\\0\\0\\0\\0\\0\\2\u008a\\10\\0\\0\\0\\0\\0\\0\\0\\2t(K\\0K\\0tt |"
            + " larger than any file"
      })
  void aTensorOutsideItsStorageIsRefused(String rest, String message) throws IOException {
    Path file = Checkpoints.pickled(folder, "\u0080\2}U\1x" + STORAGE + unescaped(rest) + "Rs.");
    assertThatThrownBy(() -> WeightFiles.read(file))
        .isInstanceOf(UnreadableWeightsException.class)
        .hasMessageContaining("a tensor within its storage")
        .hasMessageContaining(message);
  }

  @Test
  void aTensorThatRepeatsItsNumbersWithoutEndIsRefusedBeforeMemoryIsTaken() throws IOException {
    String million = "J\u0000\u0000\u0000\4";
    Path file =
        Checkpoints.pickled(folder, "\u0080\2}U\1x" + STORAGE + "K\0(" + million + "t(K\0ttRs.");
    assertThatThrownBy(() -> WeightFiles.read(file))
        .isInstanceOf(UnreadableWeightsException.class)
        .hasMessageContaining("tensor x: shape [67108864] repeats its numbers");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X\\377\\377\\377\\177abc | expected 2147483647 more bytes but only",
        "\u0095\\0\\0\\0\\0\\0\\0\\0\\0h\\7. | refers to value 7, which does not exist",
        "0. | expected 1 values on the stack",
        "(0. | expected 1 values on the stack",
        "t. | expected a mark",
        "K\\1K\\2s. | values on the stack",
        "]K\\1K\\2s. | SETITEM: expected a dictionary and pairs but found a sequence",
        "}]K\\1s. | SETITEM: expected a text or a number as key but found a sequence",
        "K\\1a. | values on the stack",
        "}K\\1R. | REDUCE: expected a global but found a dictionary",
        "K\\1}b. | BUILD: expected a dictionary or a numpy value but found a Long",
        "U\\4textQ. | BINPERSID: expected a tuple but found a String",
        "X\\1\\0\\0\\0\\377. | expected a text in UTF-8",
        "K\\5. | expected a state_dict but found a Long",
        "}U\\1xK\\1sU\\1xK\\2s. | SETITEM: expected each key once (x is there twice)",
        "}U\\5epochK\\5s. | found a dictionary with the keys [epoch]"
      })
  void brokenPicklesAreRefusedWithTheirPlace(String pickle, String message) throws IOException {
    Path file = Checkpoints.pickled(folder, "\u0080\2" + unescaped(pickle));
    assertThatThrownBy(() -> WeightFiles.read(file))
        .isInstanceOf(UnreadableWeightsException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"published.model", "published-legacy.model"})
  void aTruncatedFileIsRefusedAtEveryLength(String name) throws IOException {
    byte[] all = Checkpoints.bytes(name);
    Path file = folder.resolve("cut.model");
    for (int length = 0; length < all.length; length += 1 + length / 60) {
      Files.write(file, Arrays.copyOf(all, length));
      assertThatThrownBy(() -> WeightFiles.read(file))
          .as("%d bytes", length)
          .isInstanceOf(UnreadableWeightsException.class)
          .hasMessageContaining("cut.model");
    }
    Files.write(file, Arrays.copyOf(all, all.length - 1));
    assertThatThrownBy(() -> WeightFiles.read(file))
        .hasMessageContaining("truncated")
        .hasMessageContaining("get it again");
  }

  @Test
  void oneWrongNumberInAnArchiveIsFoundByItsChecksum() throws IOException {
    byte[] all = Checkpoints.bytes("published.model");
    String text = new String(all, StandardCharsets.ISO_8859_1);
    int start = text.indexOf("data/1") + 200;
    all[start] ^= 1;
    Path file = Files.write(folder.resolve("flipped.model"), all);
    assertThatThrownBy(() -> WeightFiles.read(file))
        .hasMessageContaining("published/data/1 has another checksum");
  }

  @Test
  void compressedEntriesAreRefusedForTheyCouldGrowWithoutBound() throws IOException {
    Path genuine = Checkpoints.copy("published.model", folder);
    Path file = Checkpoints.with(genuine, "published/x", new byte[9], ZipEntry.DEFLATED);
    assertThatThrownBy(() -> WeightFiles.read(file)).hasMessageContaining("is compressed");
  }

  @Test
  void anEntryThatClaimsMoreThanTheFileIsRefusedBeforeMemoryIsTaken() throws IOException {
    byte[] all = Checkpoints.bytes("published.model");
    String text = new String(all, StandardCharsets.ISO_8859_1);
    // In the directory at the end: both sizes stand 20 to 27 bytes behind an entry's start, its
    // name at 46.
    int entry = text.lastIndexOf("published/data/0") - 46;
    for (int i = 20; i < 28; i++) {
      all[entry + i] = i % 4 == 3 ? (byte) 0x7f : 0;
    }
    Path file = Files.write(folder.resolve("bomb.model"), all);
    assertThatThrownBy(() -> WeightFiles.read(file))
        .isInstanceOf(UnreadableWeightsException.class)
        .hasMessageContaining("bomb.model");
  }

  @Test
  void aTensorUnderTheSameNameWithAndWithoutThePrefixOfParallelTrainingIsRefused()
      throws IOException {
    String tensor = STORAGE + "K\0(K\2t(K\1ttR";
    Path file =
        Checkpoints.pickled(folder, "\u0080\2}(U\1x" + tensor + "U\u0008module.x" + tensor + "u.");
    assertThatThrownBy(() -> WeightFiles.read(file))
        .isInstanceOf(UnreadableWeightsException.class)
        .hasMessageContaining("tensor x is there twice");
  }

  @Test
  void aMissingOrShortStorageIsNamed() throws IOException {
    Path genuine = Checkpoints.copy("published.model", folder);
    Path file = Checkpoints.with(genuine, "published/data/1", new byte[9], ZipEntry.STORED);
    assertThatThrownBy(() -> WeightFiles.read(file))
        .hasMessageContaining("published/data/1: expected 54 numbers of type float32 but found 9");
    Path missing =
        Checkpoints.pickled(
            folder, "\u0080\2}U\1x" + STORAGE.replace("U\0010", "U\1z") + "K\0(K\2t(K\1ttRs.");
    assertThatThrownBy(() -> WeightFiles.read(missing))
        .hasMessageContaining("published/data/z is missing in the archive");
  }

  @Test
  void filesOfOtherKindsAreToldApart() throws IOException {
    Path program = Checkpoints.copy("program.pt", folder);
    assertThatThrownBy(() -> WeightFiles.read(program))
        .hasMessageContaining("is a TorchScript program, not a checkpoint");
    Path text = Files.writeString(folder.resolve("notes.txt"), "no weights at all");
    assertThatThrownBy(() -> WeightFiles.read(text))
        .hasMessageContaining("neither a PyTorch checkpoint")
        .hasMessageContaining("6e 6f 20");
  }

  /** Escapes in octal, as in C, because the table's own syntax takes neither zero nor line ends. */
  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '\\') {
        plain.append(text.charAt(i));
      } else if (text.charAt(i + 1) == 'n') {
        plain.append('\n');
        i++;
      } else {
        int end = i + 1;
        while (end < text.length() && end < i + 4 && "01234567".indexOf(text.charAt(end)) >= 0) {
          end++;
        }
        plain.append((char) Integer.parseInt(text.substring(i + 1, end), 8));
        i = end - 1;
      }
    }
    return plain.toString();
  }
}
