package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.voxbench.steps.dataset.CaseGeometry;
import org.voxbench.steps.dataset.CropBox;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.dataset.PreparedCase;
import org.voxbench.steps.dataset.PreparedFiles;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Resampler;
import org.voxbench.steps.volume.Spacing;

/** The second look at a case: crop, resample, normalise, store. */
final class CasePreparation {

  private final PreparationPlan plan;
  private final int threads;

  CasePreparation(PreparationPlan plan, int threads) {
    this.plan = plan;
    this.threads = threads;
  }

  /** Prepares one case and writes it to {@code target}. */
  void prepare(RawScan scan, CaseFacts facts, String recipe, PreparedFiles target)
      throws IOException {
    GridShape shape = facts.shape();
    CaseGeometry geometry = geometry(scan, facts);
    CropBox box = facts.crop();
    List<float[]> channels = new ArrayList<>(scan.image());
    byte[] labels = scan.labels();
    NonZeroRegion.of(shape, channels).markOutside(labels);
    labels =
        Resampler.labels(
            NonZeroRegion.crop(labels, shape, box),
            box.shape(),
            geometry.preparedShape(),
            geometry.separateAxis(),
            threads);
    for (int channel = 0; channel < channels.size(); channel++) {
      float[] voxels = NonZeroRegion.crop(channels.get(channel), shape, box);
      channels.set(channel, new float[0]);
      voxels =
          Resampler.image(
              voxels, box.shape(), geometry.preparedShape(), geometry.separateAxis(), threads);
      IntensityScaling.apply(plan.normalization().get(channel), voxels, labels);
      channels.set(channel, voxels);
    }
    ClassLocations locations = ClassLocations.of(facts.id(), labels);
    PreparedCase.Description description =
        new PreparedCase.Description(
            facts.id(), channels.size(), geometry, locations.voxels(), locations.counts());
    target.write(recipe, description, channels, labels, locations.indices());
  }

  private CaseGeometry geometry(RawScan scan, CaseFacts facts) {
    Spacing spacing = facts.spacing();
    return new CaseGeometry(
        scan.grid(),
        facts.crop(),
        Resampler.shapeAt(facts.crop().shape(), spacing, plan.spacing()),
        plan.spacing(),
        Resampler.separateAxis(spacing, plan.spacing()));
  }

  /**
   * Bytes of memory at the worst moment of preparing a case.
   *
   * @param raw shape as stored
   * @param cropped shape of its non-zero region, or {@code raw} when that is not known yet
   */
  static long memoryBytes(
      GridShape raw, GridShape cropped, Spacing spacing, Spacing target, int channels) {
    long prepared = Resampler.shapeAt(cropped, spacing, target).voxels();
    long crop = cropped.equals(raw) ? 0 : cropped.voxels() * (Float.BYTES + 1);
    long all = channels * (long) Float.BYTES;
    long reading = raw.voxels() * (all + 2);
    long resampling = Math.max(raw.voxels(), prepared) * all + prepared * (Float.BYTES + 2);
    return Math.max(reading, raw.voxels() * (all + 2) + crop + resampling - raw.voxels() * all / 2);
  }
}
