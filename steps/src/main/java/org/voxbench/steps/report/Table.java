package org.voxbench.steps.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A table, to be drawn as HTML or Markdown.
 *
 * @param header one text per column; the first column names the row
 * @param rows as many texts each
 * @param footers how many of the last rows are means over the others
 */
record Table(List<String> header, List<List<String>> rows, int footers) {

  Table {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != header.size()) {
        throw new IllegalArgumentException(
            "expected " + header.size() + " columns but found " + row.size() + ": " + row);
      }
    }
  }

  String html() {
    StringBuilder html = new StringBuilder("<div class=\"wide\"><table><thead><tr>");
    header.forEach(text -> html.append("<th>").append(Html.escape(text)).append("</th>"));
    html.append("</tr></thead><tbody>");
    for (int i = 0; i < rows.size(); i++) {
      html.append(i >= rows.size() - footers ? "<tr class=\"mean\">" : "<tr>");
      for (String text : rows.get(i)) {
        html.append("<td>").append(Html.escape(text)).append("</td>");
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  String markdown() {
    String rule = header.stream().map(text -> "---").collect(Collectors.joining("|", "|", "|\n"));
    return line(header) + rule + rows.stream().map(Table::line).collect(Collectors.joining());
  }

  private static String line(List<String> texts) {
    return texts.stream().map(Table::cell).collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String cell(String text) {
    return ReportMarkdown.escape(text).replace("|", "\\|");
  }
}
