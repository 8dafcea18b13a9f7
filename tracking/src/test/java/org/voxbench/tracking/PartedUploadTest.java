package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.tracking.PartProxy.Fate;

/** A large file goes in parts, and what the server has of it is not sent again. */
@Timeout(60)
class PartedUploadTest {

  private PartBench bench;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    bench = new PartBench(folder);
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  private void breakOffAt(int part) {
    bench.proxy.fate = call -> call.equals("part " + part) ? Fate.IS_CUT : Fate.PASSES;
    assertThatThrownBy(() -> bench.send()).isInstanceOf(TrackingUnavailableException.class);
    bench.proxy.fate = call -> Fate.PASSES;
    bench.proxy.calls.clear();
  }

  @Test
  void aLargeFileGoesInPartsAndIsConfirmedWithoutReadingItBack() throws Exception {
    bench.send();
    assertThat(bench.proxy.calls)
        .containsExactly(
            "create",
            "part 1",
            "part 2",
            "part 3",
            "part 4",
            "part 5",
            "part 6",
            "part 7",
            "part 8",
            "part 9",
            "part 10",
            "complete");
    bench.assertThere();
  }

  @Test
  void aSmallFileGoesWhole() throws Exception {
    Files.write(bench.file, new byte[PartBench.PART]);
    bench.send();
    assertThat(bench.proxy.calls).containsExactly("whole");
    bench.assertThere();
  }

  @Test
  void anUploadThatBrokeOffGoesOnWithTheMissingParts() throws Exception {
    breakOffAt(7);
    bench.send();
    assertThat(bench.proxy.parts()).containsExactly(7, 8, 9, 10);
    assertThat(bench.proxy.calls).doesNotContain("create");
    bench.assertThere();
  }

  @Test
  void anotherProcessGoesOnWithTheMissingParts() throws Exception {
    breakOffAt(7);
    bench.restartSender();
    bench.send();
    assertThat(bench.proxy.parts()).containsExactly(7, 8, 9, 10);
    bench.assertThere();
  }

  @Test
  void theSameBytesInAnotherFileGoOnToo() throws Exception {
    breakOffAt(7);
    Files.move(bench.file, bench.folder.resolve("moved"));
    Files.copy(bench.folder.resolve("moved"), bench.file);
    bench.send();
    assertThat(bench.proxy.parts()).containsExactly(7, 8, 9, 10);
    bench.assertThere();
  }

  @Test
  void aRestartedServerKeepsTheParts() throws Exception {
    breakOffAt(7);
    Path upload = bench.uploadThere();
    Files.writeString(upload.resolve("torn.tmp"), "half a part");
    bench.restartServer();
    assertThat(upload.resolve("torn.tmp")).doesNotExist();
    bench.send();
    assertThat(bench.proxy.parts()).containsExactly(7, 8, 9, 10);
    bench.assertThere();
  }

  @Test
  void aRestartedServerForgetsPartsThatNobodyAskedForInADay() throws Exception {
    breakOffAt(7);
    Path upload = bench.uploadThere();
    Files.setLastModifiedTime(upload, FileTime.from(bench.now.minus(Duration.ofHours(25))));
    bench.restartServer();
    assertThat(upload).doesNotExist();
    bench.send();
    assertThat(bench.proxy.calls).startsWith("part 7", "abort", "create", "part 1");
    bench.assertThere();
  }

  @Test
  void aPartThatWasDamagedOnTheServerIsFoundAndTheFileGoesAgain() throws Exception {
    breakOffAt(7);
    Path part =
        PartBench.files(bench.folder.resolve("artifacts")).stream()
            .filter(file -> file.getFileName().toString().startsWith("3-"))
            .findFirst()
            .orElseThrow();
    Files.write(part, new byte[PartBench.PART]);
    bench.send();
    assertThat(bench.proxy.calls)
        .startsWith("part 7", "part 8", "part 9", "part 10", "complete", "read", "abort", "create");
    bench.assertThere();
  }

  @Test
  void aFileThatChangedMeanwhileIsBegunAnew() throws Exception {
    breakOffAt(7);
    bench.write(2);
    bench.send();
    assertThat(bench.proxy.calls).startsWith("abort", "create", "part 1").endsWith("complete");
    bench.assertThere();
  }

  @Test
  void aTornLineOfTheNoteCostsThatPart() throws Exception {
    breakOffAt(7);
    Path note = bench.notesLeft().get(0);
    String text = Files.readString(note);
    Files.writeString(note, text.substring(0, text.length() - 20));
    breakOffAt(8);
    bench.send();
    assertThat(bench.proxy.parts()).containsExactly(8, 9, 10);
    bench.assertThere();
  }

  @Test
  void aDamagedNoteIsNone() throws Exception {
    for (String damage :
        List.of("", "{", "\0\0\0", "[1]", "{\"parts\":[{\"url\":\"x y\"}]}", "{\"size\":\"x\"}")) {
      breakOffAt(7);
      Files.writeString(bench.notesLeft().get(0), damage);
      bench.send();
      assertThat(bench.proxy.calls).as(damage).startsWith("create", "part 1");
      assertThat(bench.notesLeft()).isEmpty();
    }
  }

  @Test
  void anAnswerToTheEndThatGotLostSendsNothingAgain() throws Exception {
    bench.proxy.fate = call -> call.equals("complete") ? Fate.LOSES_ITS_ANSWER : Fate.PASSES;
    assertThatThrownBy(() -> bench.send()).isInstanceOf(TrackingUnavailableException.class);
    bench.proxy.calls.clear();
    bench.proxy.fate = call -> Fate.PASSES;
    bench.send();
    assertThat(bench.proxy.calls).containsExactly("complete", "read");
    bench.assertThere();
  }

  @Test
  void aNoteOfYesterdayIsOfNoUse() throws Exception {
    breakOffAt(7);
    bench.now = bench.now.plus(Duration.ofHours(25));
    bench.send();
    assertThat(bench.proxy.calls).startsWith("create", "part 1");
    assertThat(bench.notesLeft()).isEmpty();
  }

  @Test
  void aNoteIsForItsOwnerAloneAndHoldsNoCredentials() throws Exception {
    bench.use(Credentials.bearer("t0ken"));
    breakOffAt(7);
    assertThat(bench.proxy.authorizations).containsOnly("Bearer t0ken");
    Path note = bench.notesLeft().get(0);
    assertThat(new String(Files.readAllBytes(note), StandardCharsets.UTF_8))
        .contains("\"upload_id\"")
        .doesNotContain("t0ken")
        .doesNotContainIgnoringCase("authorization");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(note)))
        .isEqualTo("rw-------");
    bench.send();
    assertThat(bench.proxy.authorizations).containsOnly("Bearer t0ken");
    bench.assertThere();
  }

  @Test
  void anUnwritableFolderForNotesDoesNotKeepTheFileBack() throws Exception {
    Files.writeString(bench.notes, "not a folder");
    bench.send();
    assertThat(bench.proxy.parts()).hasSize(10);
    Files.delete(bench.notes);
    bench.assertThere();
  }

  @Test
  void aServerThatTakesNoPartsGetsTheFileWholeAndIsNotAskedAgain() throws Exception {
    for (Fate unknown : List.of(Fate.IS_ANSWERED_501, Fate.IS_ANSWERED_404)) {
      bench.proxy.calls.clear();
      bench.restartSender();
      bench.proxy.fate = call -> call.equals("create") ? unknown : Fate.PASSES;
      bench.send();
      bench.send();
      assertThat(bench.proxy.calls).containsExactly("create", "whole", "whole");
      bench.assertThere();
    }
  }

  @Test
  void aServerThatFailsToBeginGetsTheFileWhole() throws Exception {
    bench.proxy.fate = call -> call.equals("create") ? Fate.IS_ANSWERED_500 : Fate.PASSES;
    bench.send();
    assertThat(bench.proxy.calls).containsExactly("create", "whole");
    bench.assertThere();
  }

  @Test
  void aServerWhosePartsAreRefusedOnTheWayGetsTheFileWhole() throws Exception {
    bench.proxy.fate = call -> call.startsWith("part") ? Fate.IS_ANSWERED_404 : Fate.PASSES;
    bench.send();
    bench.send();
    assertThat(bench.proxy.calls).containsExactly("create", "part 1", "abort", "whole", "whole");
    bench.assertThere();
  }

  @Test
  void aServerThatFailsAtAPartIsUnavailableAndKeepsWhatItHas() throws Exception {
    bench.proxy.fate = call -> call.equals("part 4") ? Fate.IS_ANSWERED_500 : Fate.PASSES;
    assertThatThrownBy(() -> bench.send())
        .isInstanceOf(TrackingUnavailableException.class)
        .hasMessageContaining("HTTP 500");
    bench.proxy.fate = call -> Fate.PASSES;
    bench.proxy.calls.clear();
    bench.send();
    assertThat(bench.proxy.parts()).containsExactly(4, 5, 6, 7, 8, 9, 10);
    bench.assertThere();
  }
}
