package org.voxbench.steps.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;

class RawAccessTest {

  @TempDir private Path folder = Path.of("set by JUnit");
  private final DownloadTesting told = new DownloadTesting();

  private RawAccess open(Source source) throws IOException {
    return RawAccess.open(DownloadTesting.request(source), told.context(folder.resolve("scratch")));
  }

  @Test
  void filesAreLookedAtWhereTheyLie() throws IOException {
    Path mine = Files.createDirectories(folder.resolve("mine/imagesTr")).getParent();
    try (RawAccess access = open(new Source.Folder(String.valueOf(mine)))) {
      assertThat(access.folder()).isEqualTo(mine);
    }
    assertThat(mine).isNotEmptyDirectory();
    assertThat(folder.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void anArchiveIsUnpackedForTheTimeBeing() throws IOException {
    Path archive = folder.resolve("data.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("RawData/note.txt"));
      zip.write(1);
    }
    Path unpacked;
    try (RawAccess access = open(new Source.Folder(archive.toString()))) {
      unpacked = access.folder();
      assertThat(unpacked.resolve("RawData/note.txt")).exists();
    }
    assertThat(unpacked).doesNotExist();
    assertThat(told.notes).containsExactly("unpacking data.zip");
  }

  @Test
  void phantomsAreMadeForTheTimeBeing() throws IOException {
    Path made;
    try (RawAccess access = open(new Source.Phantom("ct-abdomen", 1, 1))) {
      made = access.folder();
      assertThat(made.resolve("DATASET_Phantom")).exists();
    }
    assertThat(made).doesNotExist();
  }

  @Test
  void whatIsMissingOrBrokenIsNamedAndNothingIsLeftBehind() throws IOException {
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> open(new Source.Folder(none.toString())))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining(none + " does not exist");
    assertThatThrownBy(() -> open(new Source.Manual(none.toString(), "Fetch it from X.", null)))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("has to be fetched by you")
        .hasMessageContaining("Fetch it from X.");
    Path cut = Files.write(folder.resolve("cut.zip"), new byte[] {'P', 'K', 3, 4, 0, 0});
    assertThatThrownBy(() -> open(new Source.Folder(cut.toString())))
        .hasMessageContaining("cut.zip");
    assertThat(folder.resolve("scratch")).isEmptyDirectory();
    assertThat(List.of(cut)).allMatch(Files::exists);
  }
}
