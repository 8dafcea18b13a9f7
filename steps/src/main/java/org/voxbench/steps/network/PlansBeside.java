package org.voxbench.steps.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.pytorch.PublishedPlans;
import org.voxbench.model.pytorch.UnreadableWeightsException;

/**
 * What is told of the plans beside a published checkpoint.
 *
 * @param lines what they say; empty where there are none
 * @param warnings where they depart from the network, or why they could not be read
 */
public record PlansBeside(List<String> lines, List<String> warnings) {

  static PlansBeside of(Path file, NamedNetwork network) throws IOException {
    try {
      Optional<PublishedPlans> plans = PublishedPlans.beside(file);
      return plans
          .map(found -> new PlansBeside(lines(found), warnings(found, network.config())))
          .orElse(new PlansBeside(List.of(), List.of()));
    } catch (UnreadableWeightsException e) {
      // The weights are good without them.
      return new PlansBeside(List.of(), List.of("the plans are not read: " + e.getMessage()));
    }
  }

  private static List<String> lines(PublishedPlans plans) {
    List<String> lines = new ArrayList<>();
    lines.add(plans.file().toString());
    lines.add(
        "spacing %s mm, normalization %s"
            .formatted(spaced(plans.spacing()), plans.normalization()));
    if (!plans.intensities().isEmpty()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "intensities clipped to %s and %s, mean %s, standard deviation %s",
              plans.intensities().toArray()));
    }
    lines.add(
        "patch %s, batch %d, %d modalities, %d classes with background"
            .formatted(spaced(plans.patch()), plans.batch(), plans.modalities(), plans.classes()));
    return lines;
  }

  private static List<String> warnings(PublishedPlans plans, UnetrPlusPlusConfig network) {
    List<String> warnings = new ArrayList<>();
    if (!plans.patch().equals(network.patch())) {
      warnings.add(
          "the plans' patch is %s but the network's %s; the published trainers overwrite it, the weights fit the network's"
              .formatted(spaced(plans.patch()), spaced(network.patch())));
    }
    if (plans.modalities() != network.inChannels()) {
      warnings.add(
          "the plans have %d modalities but the network %d channels; the plans may be another training's"
              .formatted(plans.modalities(), network.inChannels()));
    }
    if (plans.classes() != network.classes()) {
      warnings.add(
          "the plans have %d classes with background but the network %d; the plans may be another training's"
              .formatted(plans.classes(), network.classes()));
    }
    return warnings;
  }

  private static String spaced(List<?> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(" x "));
  }
}
