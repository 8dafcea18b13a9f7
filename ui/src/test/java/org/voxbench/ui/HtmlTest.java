package org.voxbench.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HtmlTest {

  @Test
  void textsAndAttributesAreEscaped() {
    Html html = new Html().leaf("p", "<b> & 'c'", "title", "\"><script>");
    assertThat(html.document())
        .endsWith("<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt; &amp; &#39;c&#39;</p>");
  }

  @Property(tries = 300)
  void noTextOpensATag(@ForAll String text) {
    String document = new Html().leaf("p", text, "title", "." + text).document();
    String body = document.substring(document.indexOf("<p"));
    assertThat(body.chars().filter(c -> c == '<')).hasSize(2);
    assertThat(body.chars().filter(c -> c == '>')).hasSize(2);
    assertThat(body.chars().filter(c -> c == '"')).hasSize(2);
  }

  @Test
  void anAttributeWithoutAValueIsLeftOut() {
    assertThat(new Html().leaf("a", "x", "href", null, "hidden", "").document())
        .endsWith("<a hidden>x</a>");
  }

  @Test
  void anOpenTagIsFoundBeforeItGoesOut() {
    assertThatThrownBy(new Html().open("section").open("p")::document)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("[p, section]");
  }

  @Test
  void aLinkThatRunsCodeIsRefused() {
    assertThatThrownBy(() -> new RunDetails.Link("x", "javascript:alert(1)"))
        .hasMessageContaining("http(s)")
        .hasMessageContaining("javascript:alert(1)");
    assertThatThrownBy(() -> new RunDetails.Link("x", "//elsewhere.example/"))
        .hasMessageContaining("http(s)");
    assertThat(new RunDetails.Link("x", "/runs/7").href()).isEqualTo("/runs/7");
  }
}
