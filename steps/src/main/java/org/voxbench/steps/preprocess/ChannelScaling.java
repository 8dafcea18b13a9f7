package org.voxbench.steps.preprocess;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.voxbench.steps.dataset.Normalization;

/**
 * How channels are normalised; in YAML one word for all of them, {@code auto}, {@code ct} or {@code
 * zscore}, or a plan's list with an entry per channel, such as {@code {modality: CT, scheme: ct,
 * mean: 83, deviation: 137, low: -958, high: 326}} or {@code {modality: T1w, scheme: zscore,
 * masked: true}}.
 *
 * @param rule AUTO where {@code channels} has the answer
 * @param channels one entry per channel as a plan fixes it; empty: by the rule
 */
public record ChannelScaling(Rule rule, Optional<List<Normalization>> channels) {

  /** By modality: CT for channels named CT, z-score for all others. */
  public static final ChannelScaling AUTO = new ChannelScaling(Rule.AUTO, Optional.empty());

  private static final String EXPECTED =
      "normalization: expected auto, ct, zscore or a list with an entry per channel but found ";
  private static final Set<String> CT_KEYS =
      Set.of("modality", "scheme", "mean", "deviation", "low", "high");
  private static final Set<String> ZSCORE_KEYS = Set.of("modality", "scheme", "masked");

  /** One rule for all channels. */
  public enum Rule {
    AUTO,
    CT,
    ZSCORE
  }

  public ChannelScaling {
    channels = channels.map(List::copyOf);
  }

  /** A rule without measured figures. */
  public static ChannelScaling by(Rule rule) {
    return new ChannelScaling(rule, Optional.empty());
  }

  /** What a plan fixed. */
  public static ChannelScaling fixed(List<Normalization> channels) {
    return new ChannelScaling(Rule.AUTO, Optional.of(channels));
  }

  /**
   * Reads the YAML value.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static ChannelScaling of(Object value) {
    if (value instanceof String word && word.matches("auto|ct|zscore")) {
      return by(Rule.valueOf(word.toUpperCase(Locale.ROOT)));
    }
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      throw new IllegalArgumentException(EXPECTED + value);
    }
    List<Normalization> channels = new ArrayList<>();
    for (Object entry : list) {
      if (!(entry instanceof Map<?, ?> map)) {
        throw new IllegalArgumentException(EXPECTED + value);
      }
      channels.add(channel(map));
    }
    return fixed(channels);
  }

  private static Normalization channel(Map<?, ?> entry) {
    String modality = String.valueOf(entry.get("modality"));
    boolean ct = "ct".equals(entry.get("scheme"));
    Set<String> wanted = ct ? CT_KEYS : ZSCORE_KEYS;
    if (!entry.keySet().equals(wanted) || (!ct && !"zscore".equals(entry.get("scheme")))) {
      throw new IllegalArgumentException(
          "normalization: expected the keys %s of scheme ct or %s of scheme zscore but found %s"
              .formatted(new TreeSet<>(CT_KEYS), new TreeSet<>(ZSCORE_KEYS), entry));
    }
    if (!ct) {
      boolean masked = Boolean.TRUE.equals(entry.get("masked"));
      return new Normalization(modality, Normalization.Scheme.ZSCORE, masked, 0, 1, 0, 0);
    }
    double low = number(entry, "low");
    double high = number(entry, "high");
    if (!(low < high)) {
      throw new IllegalArgumentException(
          "normalization: expected low below high but found low %s and high %s"
              .formatted(low, high));
    }
    return new Normalization(
        modality,
        Normalization.Scheme.CT,
        false,
        number(entry, "mean"),
        number(entry, "deviation"),
        low,
        high);
  }

  private static double number(Map<?, ?> entry, String key) {
    if (entry.get(key) instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException(
        "normalization: expected a number for %s but found %s".formatted(key, entry.get(key)));
  }

  /** The YAML value. */
  @JsonValue
  public Object value() {
    return channels
        .<Object>map(list -> list.stream().map(ChannelScaling::entry).toList())
        .orElseGet(() -> rule.name().toLowerCase(Locale.ROOT));
  }

  private static Map<String, Object> entry(Normalization how) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("modality", how.modality());
    if (how.scheme() == Normalization.Scheme.ZSCORE) {
      entry.put("scheme", "zscore");
      entry.put("masked", how.masked());
      return entry;
    }
    entry.put("scheme", "ct");
    entry.put("mean", how.mean());
    entry.put("deviation", how.deviation());
    entry.put("low", how.low());
    entry.put("high", how.high());
    return entry;
  }
}
