package org.voxbench.workflows.web;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asked before every request, whether its path exists or not. On loopback everybody on this machine
 * may read; a change, and everything when others can reach the server, needs the token.
 */
final class Gate {

  private static final Set<String> READS = Set.of("GET", "HEAD");
  private static final String TOKEN_HEADER = "X-Voxbench-Token";

  private final HostNames names;
  private final AccessToken token;

  Gate(HostNames names, AccessToken token) {
    this.names = names;
    this.token = token;
  }

  boolean isLoopback() {
    return names.isLoopback();
  }

  void check(Context context) {
    harden(context);
    String host = context.header(Header.HOST);
    if (host == null || !names.fit(host)) {
      refuse(
          context,
          HttpStatus.FORBIDDEN,
          "This server answers to "
              + names
              + " but was called "
              + host
              + ". To serve under another name, start it with --host NAME.");
    } else if (isForeign(context.header(Header.ORIGIN), host)) {
      refuse(
          context,
          HttpStatus.FORBIDDEN,
          "A page of " + context.header(Header.ORIGIN) + " may not use this server.");
    } else if (!(isRead(context) && names.isLoopback()) && !hasToken(context)) {
      context.header(
          Header.WWW_AUTHENTICATE,
          "Basic realm=\"Voxbench: token as password\", charset=\"UTF-8\"");
      refuse(
          context,
          HttpStatus.UNAUTHORIZED,
          "This needs the token, which stands in the file token of the server's home folder: send"
              + " it as 'Authorization: Bearer TOKEN', as 'X-Voxbench-Token: TOKEN', or as the"
              + " password of any user name.");
    }
  }

  /** The safest headers; a room may replace them for its own pages. */
  private static void harden(Context context) {
    context
        .header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
        .header("X-Content-Type-Options", "nosniff")
        .header("X-Frame-Options", "DENY")
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Resource-Policy", "same-origin")
        .header(Header.CACHE_CONTROL, "no-store");
  }

  /** Routes go by a method that a header may override: then nothing is sure but that it is none. */
  private static boolean isRead(Context context) {
    return READS.contains(context.method().name())
        && context.header(Header.X_HTTP_METHOD_OVERRIDE) == null;
  }

  private static boolean isForeign(@Nullable String origin, String host) {
    return origin != null
        && !origin.equalsIgnoreCase("http://" + host)
        && !origin.equalsIgnoreCase("https://" + host);
  }

  private boolean hasToken(Context context) {
    String header = context.header(TOKEN_HEADER);
    String offered = header == null ? authorization(context.header(Header.AUTHORIZATION)) : header;
    return offered != null && token.matches(offered);
  }

  /** What a client offers as {@code Bearer TOKEN} or as the password of {@code Basic}. */
  private static @Nullable String authorization(@Nullable String header) {
    if (header == null) {
      return null;
    }
    String[] words = header.strip().split(" +", 2);
    if (words.length < 2) {
      return null;
    }
    return switch (words[0].toLowerCase(Locale.ROOT)) {
      case "bearer" -> words[1];
      case "basic" -> password(words[1]);
      default -> null;
    };
  }

  private static @Nullable String password(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? null : pair.substring(colon + 1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static void refuse(Context context, HttpStatus status, String message) {
    String code = status == HttpStatus.UNAUTHORIZED ? "UNAUTHENTICATED" : "PERMISSION_DENIED";
    Refusal.send(context, status, code, message);
    context.skipRemainingHandlers();
  }
}
