package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.voxbench.steps.TransientStepException;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.volume.AffineRule;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.NiftiHeader;
import org.voxbench.steps.volume.Volume;

/** The files of one labelled case. They are read twice and must not change in between. */
final class RawScan {

  private final RawCase raw;
  private final AffineRule rule;
  private final List<Stamp> stamps = new ArrayList<>();
  private final List<NiftiHeader> headers = new ArrayList<>();

  /** What tells that a file was replaced, without reading it. */
  private record Stamp(Path file, long size, FileTime modified, String key) {

    static Stamp of(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(
          file,
          attributes.size(),
          attributes.lastModifiedTime(),
          String.valueOf(attributes.fileKey()));
    }
  }

  RawScan(RawCase raw, AffineRule rule) throws IOException {
    this.raw = raw;
    this.rule = rule;
    for (Path image : raw.images()) {
      stamps.add(Stamp.of(image));
      headers.add(NiftiFile.header(image, rule));
    }
    stamps.add(Stamp.of(labelFile()));
    headers.add(NiftiFile.header(labelFile(), rule));
  }

  String id() {
    return raw.id();
  }

  Path labelFile() {
    return raw.label().orElseThrow();
  }

  /** One per image file. */
  List<NiftiHeader> imageHeaders() {
    return headers.subList(0, headers.size() - 1);
  }

  NiftiHeader labelHeader() {
    return headers.get(headers.size() - 1);
  }

  Path imageFile(int index) {
    return raw.images().get(index);
  }

  /** The grid of the first image. */
  Grid grid() {
    return headers.get(0).grid();
  }

  int channels() {
    return imageHeaders().stream().mapToInt(NiftiHeader::channels).sum();
  }

  /** All channels; voxels (z, y, x). */
  List<float[]> image() throws IOException {
    List<float[]> channels = new ArrayList<>();
    for (Path file : raw.images()) {
      Volume volume = NiftiFile.readImage(file, rule);
      channels.addAll(volume.channels());
    }
    checkUnchanged();
    return channels;
  }

  byte[] labels() throws IOException {
    LabelVolume labels = NiftiFile.readLabels(labelFile(), rule);
    checkUnchanged();
    return labels.voxels();
  }

  /** SHA-256 of the content of each file in hex, images first, the label last. */
  List<String> digests() throws IOException {
    List<String> digests = new ArrayList<>();
    byte[] chunk = new byte[1 << 18];
    for (Stamp stamp : stamps) {
      MessageDigest digest = Digests.sha256();
      try (InputStream in = Files.newInputStream(stamp.file())) {
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
          digest.update(chunk, 0, count);
        }
      }
      digests.add(HexFormat.of().formatHex(digest.digest()));
    }
    checkUnchanged();
    return digests;
  }

  /**
   * Checks that the files still have the content they had at first; time and size may deceive, as
   * after a copy that keeps them.
   */
  void checkContent(List<String> digests) throws IOException {
    List<String> now = digests();
    for (int index = 0; index < now.size(); index++) {
      if (!now.get(index).equals(digests.get(index))) {
        throw replaced(stamps.get(index).file());
      }
    }
  }

  private void checkUnchanged() throws IOException {
    for (Stamp stamp : stamps) {
      if (!Stamp.of(stamp.file()).equals(stamp)) {
        throw replaced(stamp.file());
      }
    }
  }

  private TransientStepException replaced(Path file) {
    return new TransientStepException(
        "case %s: %s: expected the file to stay as it was but it was replaced while it was read; run again when nobody writes to it"
            .formatted(id(), file));
  }
}
