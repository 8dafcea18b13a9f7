package org.voxbench.steps.evaluate;

import java.util.List;

/** The rules behind the figures, as they are printed beside every table. */
final class Policy {

  static final List<String> SENTENCES =
      List.of(
          "Every case of the validation split stays in the denominator: a case without prediction"
              + " scores Dice 0 and, as every surface distance, its image's diagonal.",
          "A class that only the truth has (missed) or only the prediction has (invented) scores"
              + " Dice 0 and, as every surface distance, the image's diagonal.",
          "A class that neither has in a case is left out of that case's means; a class that no case"
              + " has on either side is left out altogether. Both are counted.",
          "Means are taken over cases per class first, then over classes; sd is the sample's standard"
              + " deviation over cases.",
          "Scores are taken on the original image's grid. Dice is 2|A and B| / (|A| + |B|).",
          "Surface distances are in mm with the image's own spacing. Surface voxels have one of their"
              + " six neighbours outside the mask or the image; distances of both directions are"
              + " pooled: HD is the largest, HD95 the 95th percentile with linear interpolation, ASSD"
              + " the mean (medpy 0.5).",
          "As published: HD95 in voxels without spacing and 0 where either mask is empty, Dice 1 where"
              + " both are empty, cases without prediction unseen. These rules reward a missed organ;"
              + " the figures are for comparison with published tables only.");

  private Policy() {}
}
