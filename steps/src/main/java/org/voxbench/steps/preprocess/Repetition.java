package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.voxbench.steps.dataset.PreparationPlan;

/**
 * Tells before the work starts which cases were prepared by an earlier run and have to be prepared
 * again, and why. One new case is enough: it may shift the median spacing all are brought to.
 */
final class Repetition {

  private static final int NAMED = 8;

  /** Commas between words; those inside a spacing stand before numbers. */
  private static final Pattern PARTS = Pattern.compile(", (?=[A-Za-z])");

  private final CaseWork work;
  private final PreprocessSettings settings;

  Repetition(CaseWork work, PreprocessSettings settings) {
    this.work = work;
    this.settings = settings;
  }

  void tell(List<CaseFacts> facts, PreparationPlan plan, Consumer<String> notes)
      throws IOException {
    String now = CaseKey.making(settings.affine(), plan);
    Map<String, List<String>> again = new TreeMap<>();
    for (CaseFacts one : facts) {
      String key = CaseKey.of(one, settings.affine(), plan);
      Optional<String> before = work.before(CaseKey.scan(one), key);
      before.ifPresent(
          made -> again.computeIfAbsent(made, other -> new ArrayList<>()).add(one.id()));
    }
    again.forEach((before, ids) -> notes.accept(sentence(before, now, ids, facts.size())));
  }

  private String sentence(String before, String now, List<String> ids, int all) {
    String named = String.join(", ", ids.subList(0, Math.min(NAMED, ids.size())));
    String more = ids.size() > NAMED ? " and " + (ids.size() - NAMED) + " more" : "";
    String start =
        "%d of %d cases are prepared again (%s%s): ".formatted(ids.size(), all, named, more);
    if (before.equals(now)) {
      return start + "what an earlier run prepared is gone from the store";
    }
    List<String> then = PARTS.splitAsStream(before).toList();
    List<String> wanted = PARTS.splitAsStream(now).toList();
    List<String> changes = new ArrayList<>();
    for (int index = 0; index < Math.max(then.size(), wanted.size()); index++) {
      String old = index < then.size() ? then.get(index) : "nothing";
      String fresh = index < wanted.size() ? wanted.get(index) : "nothing";
      if (!old.equals(fresh)) {
        changes.add(old + " -> " + fresh);
      }
    }
    boolean shifted = settings.spacing().fixed().isEmpty() && !then.get(0).equals(wanted.get(0));
    return start
        + String.join(", ", changes)
        + (shifted
            ? ". The spacing is the median over the dataset (preprocess.spacing: auto), which other"
                + " cases have shifted; "
                + then.get(0).replace("spacing ", "preprocess.spacing: ").replace(" mm", "")
                + " keeps what is prepared"
            : "");
  }
}
