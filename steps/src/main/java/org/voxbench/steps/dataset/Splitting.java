package org.voxbench.steps.dataset;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Carries out the three kinds of split and checks what they have in common. */
final class Splitting {

  private Splitting() {}

  static Split listed(SplitConfig.Listed config, Collection<String> cases, Patients patients) {
    Problems problems = new Problems("split");
    Set<String> known = new TreeSet<>(cases);
    Set<String> validation = legal("validation", config.validation(), known, problems);
    Set<String> training = legal("training", config.training(), known, problems);
    if (config.training().isEmpty()) {
      training = new TreeSet<>(known);
      training.removeAll(validation);
    }
    checkSeparate(training, validation, patients, problems);
    if (training.isEmpty() && problems.isEmpty()) {
      problems.add(
          "training: expected at least one case but all "
              + known.size()
              + " are held out; shorten split.validation");
    }
    problems.throwIfAny();
    return new Split(List.copyOf(training), List.copyOf(validation));
  }

  static Split random(
      SplitConfig.RandomByPatient config, Collection<String> cases, Patients patients) {
    Problems problems = new Problems("split");
    Map<String, List<String>> byPatient = group(cases, patients, problems);
    problems.throwIfAny();
    int total = byPatient.size();
    if (total < 2) {
      problems.add(
          "expected at least 2 patients to hold one out but found "
              + byPatient.keySet()
              + "; {kind: same} trains and validates on the same cases");
      problems.throwIfAny();
    }
    long wanted = Math.round(total * config.fraction());
    int heldOut = (int) Math.max(1, Math.min(total - 1, wanted));
    List<String> drawn =
        byPatient.keySet().stream()
            .sorted(Comparator.comparing(patient -> draw(config.seed(), patient)))
            .toList();
    return new Split(
        casesOf(drawn.subList(heldOut, total), byPatient),
        casesOf(drawn.subList(0, heldOut), byPatient));
  }

  static Split same(Collection<String> cases) {
    if (cases.isEmpty()) {
      Problems problems = new Problems("split");
      problems.add("expected at least one labelled case but the dataset has none");
      problems.throwIfAny();
    }
    return new Split(List.copyOf(cases), List.copyOf(cases));
  }

  private static Set<String> legal(
      String where, List<String> ids, Set<String> known, Problems problems) {
    Set<String> legal = new LinkedHashSet<>();
    for (String id : ids) {
      if (!known.contains(id)) {
        problems.add(where + ": no labelled case '" + id + "'" + Nearest.hint(id, known));
      } else if (!legal.add(id)) {
        problems.add(where + ": case '" + id + "' is listed twice; remove one");
      }
    }
    return legal;
  }

  private static void checkSeparate(
      Set<String> training, Set<String> validation, Patients patients, Problems problems) {
    Map<String, List<String>> learnt = group(training, patients, problems);
    Map<String, List<String>> heldOut = group(validation, patients, problems);
    for (Map.Entry<String, List<String>> patient : heldOut.entrySet()) {
      List<String> leaked = learnt.get(patient.getKey());
      if (leaked != null) {
        problems.add(
            "patient '"
                + patient.getKey()
                + "' is on both sides: training has "
                + leaked
                + ", validation has "
                + patient.getValue()
                + "; move all scans of a patient to one side");
      }
    }
  }

  private static Map<String, List<String>> group(
      Collection<String> cases, Patients patients, Problems problems) {
    Map<String, List<String>> groups = new TreeMap<>();
    for (String id : new TreeSet<>(cases)) {
      patients
          .of(id)
          .ifPresentOrElse(
              patient -> groups.merge(patient, List.of(id), Splitting::joined),
              () ->
                  problems.add(
                      "case '"
                          + id
                          + "': the patient pattern "
                          + patients
                          + " does not occur in it; correct dataset.patient"));
    }
    return groups;
  }

  private static List<String> joined(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private static List<String> casesOf(List<String> patients, Map<String, List<String>> byPatient) {
    return byPatient.entrySet().stream()
        .filter(entry -> patients.contains(entry.getKey()))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }

  private static String draw(long seed, String patient) {
    try {
      byte[] text = ("split/" + seed + "/" + patient).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
