package org.voxbench.ui;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;

/** Sends pages, data and files with the headers that keep a browser from doing more than show. */
final class Responses {

  /** Nothing but our own files; no script or style inside a page; no frame around it. */
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  /** A file of a run may style itself, and may do nothing else. */
  private static final String FILE_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'; sandbox allow-downloads allow-popups"
          + " allow-top-navigation-by-user-activation";

  /** Types that a browser shows; all others are downloads. */
  private static final Map<String, String> SHOWN =
      Map.of(
          "html", "text/html; charset=utf-8",
          "md", "text/plain; charset=utf-8",
          "txt", "text/plain; charset=utf-8",
          "log", "text/plain; charset=utf-8",
          "csv", "text/csv; charset=utf-8",
          "json", "application/json",
          "jsonl", "text/plain; charset=utf-8",
          "yaml", "text/plain; charset=utf-8",
          "png", "image/png");

  private static final String ANSWERED = "org.voxbench.ui.answered";

  private Responses() {}

  static void page(Context context, String document) {
    guard(context, PAGE_POLICY);
    send(context, "text/html; charset=utf-8", document.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether an answer was given already, so that the page for a missing page must not follow. */
  static boolean isAnswered(Context context) {
    return context.attribute(ANSWERED) != null;
  }

  static void data(Context context, byte[] json) {
    guard(context, PAGE_POLICY);
    send(context, "application/json", json);
  }

  static void asset(Context context, Assets.Asset asset) {
    guard(context, PAGE_POLICY);
    context.header(Header.CACHE_CONTROL, "public, max-age=31536000, immutable");
    context.contentType(asset.type).result(asset.bytes);
  }

  static void file(Context context, Path file) throws IOException {
    guard(context, FILE_POLICY);
    String name = String.valueOf(file.getFileName());
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String type = SHOWN.get(ending);
    if (type == null) {
      context.header(
          Header.CONTENT_DISPOSITION, "attachment; filename*=UTF-8''" + Address.encoded(name));
    }
    context.header(Header.CACHE_CONTROL, "no-cache");
    context.contentType(type == null ? "application/octet-stream" : type);
    context.header(Header.CONTENT_LENGTH, Long.toString(Files.size(file)));
    context.disableCompression().result(Files.newInputStream(file));
  }

  /** Asked again every second or two, a page that stayed the same costs no bytes. */
  private static void send(Context context, String type, byte[] bytes) {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    String tag = "W/\"" + Long.toHexString(sum.getValue()) + "-" + bytes.length + "\"";
    context.header(Header.CACHE_CONTROL, "no-cache").header(Header.ETAG, tag);
    if (context.status() == HttpStatus.OK && tag.equals(context.header(Header.IF_NONE_MATCH))) {
      context.status(HttpStatus.NOT_MODIFIED);
    } else {
      context.contentType(type).result(bytes);
    }
  }

  private static void guard(Context context, String policy) {
    context.attribute(ANSWERED, ANSWERED);
    context
        .header("Content-Security-Policy", policy)
        .header("X-Content-Type-Options", "nosniff")
        .header("X-Frame-Options", "DENY")
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .header("Cross-Origin-Resource-Policy", "same-origin");
  }
}
