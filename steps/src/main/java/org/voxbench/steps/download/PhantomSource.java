package org.voxbench.steps.download;

import java.io.IOException;
import java.util.Locale;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.VoxelType;

/** Writes made-up scans in the published raw layout. */
final class PhantomSource {

  private PhantomSource() {}

  static void write(Source.Phantom source, Download.Request request, StepContext context)
      throws IOException {
    Anatomy anatomy = Anatomy.named(source.anatomy());
    Agreement.check(
        request, "the anatomy " + source.anatomy(), anatomy.modalities(), anatomy.labels());
    RawFolder folder = RawFolder.in(context.output(), "DATASET_Phantom", "Task90_Phantom");
    int total = source.cases() * anatomy.frames();
    int done = 0;
    for (int patient = 1; patient <= source.cases(); patient++) {
      for (int frame = 0; frame < anatomy.frames(); frame++) {
        context.stop().check();
        writeScan(
            folder,
            id(anatomy, patient, frame),
            PhantomScan.of(anatomy, source.seed(), patient, frame));
        context.listener().progress("cases", ++done, total);
      }
    }
    folder.finish(
        "Phantom",
        "Made-up scans, anatomy " + source.anatomy() + ", seed " + source.seed(),
        anatomy.modalities(),
        anatomy.labels());
  }

  private static void writeScan(RawFolder folder, String id, PhantomScan scan) throws IOException {
    String image = "imagesTr/" + id + ".nii.gz";
    String label = "labelsTr/" + id + ".nii.gz";
    NiftiFile.writeImage(folder.root().resolve(image), scan.image(), VoxelType.INT16);
    NiftiFile.writeLabels(folder.root().resolve(label), scan.labels());
    folder.training(image, label);
  }

  private static String id(Anatomy anatomy, int patient, int frame) {
    String id = String.format(Locale.ROOT, "phantom_%03d", patient);
    return anatomy.frames() == 1 ? id : id + String.format(Locale.ROOT, "_frame%02d", frame + 1);
  }
}
