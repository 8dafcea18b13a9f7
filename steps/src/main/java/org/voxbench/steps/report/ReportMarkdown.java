package org.voxbench.steps.report;

import org.voxbench.steps.evaluate.Scores;

/** The report as Markdown, without pictures. */
final class ReportMarkdown {

  private ReportMarkdown() {}

  static String render(Content content) {
    Scores scores = content.scores();
    StringBuilder text = new StringBuilder("# " + escape(content.title()) + "\n\n");
    if (content.checksMachineryOnly()) {
      text.append("> **").append(content.warning()).append("**\n\n");
    }
    text.append(
        "Mean Dice **%s**, mean HD95 **%s mm** over %d published classes (%d left out as empty); split %s; cases: %d expected, %d evaluated, %d failed.\n\n"
            .formatted(
                Numbers.dice(scores.published().dice()),
                Numbers.length(scores.published().hd95()),
                scores.published().structures(),
                scores.published().excluded(),
                escape(scores.split()),
                scores.counts().expected(),
                scores.counts().evaluated(),
                scores.counts().failed()));
    section(text, "Scores per class", Tables.classes(scores).markdown());
    section(text, "What became of the cases", Tables.counts(scores).markdown());
    if (!content.quarantined().cases().isEmpty()) {
      section(
          text,
          Quarantined.TITLE,
          escape(content.quarantined().sentence())
              + "\n\n"
              + Tables.quarantined(content.quarantined()).markdown());
    }
    section(text, "Dice per case", Tables.diceByCase(scores).markdown());
    section(text, "HD95 (mm) per case", Tables.hd95ByCase(scores).markdown());
    section(text, "Beside the published rules", Tables.asPublished(scores).markdown());
    StringBuilder policy = new StringBuilder();
    scores.policy().forEach(one -> policy.append("- ").append(escape(one)).append('\n'));
    section(text, "How the figures are made", policy.toString());
    section(text, "Worst cases", worst(content));
    section(text, "Network", Tables.facts(content.network()).markdown());
    return text.toString();
  }

  private static String worst(Content content) {
    StringBuilder worst = new StringBuilder();
    for (WorstCase one : content.worst()) {
      worst.append("- **%s**: %s\n".formatted(escape(one.name()), escape(one.sentence())));
    }
    return worst.toString();
  }

  private static void section(StringBuilder text, String title, String body) {
    text.append("## ").append(title).append("\n\n").append(body).append('\n');
  }

  /** Takes the meaning from Markdown's and HTML's signs and from line breaks. */
  static String escape(String text) {
    return text.replaceAll("\\s+", " ").replaceAll("([\\\\`*_<>\\[\\]#])", "\\\\$1");
  }
}
