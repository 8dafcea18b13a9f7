package org.voxbench.steps.download;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.voxbench.steps.PermanentStepException;

/** A file on a server, asked for in ranges of bytes. Redirects are followed over https only. */
final class Remote {

  private static final int REDIRECTS = 5;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

  private final URI address;
  private final Optional<String> token;
  private final Duration stall;

  Remote(URI address, Optional<String> token, Duration stall) {
    this.address = address;
    this.token = token;
    this.stall = stall;
  }

  /** A request that failed and may succeed later. */
  static final class Refusal extends IOException {

    private static final long serialVersionUID = 1L;
    private final int status;
    private final transient Duration after;

    Refusal(int status, Duration after) {
      super("the server answered " + status);
      this.status = status;
      this.after = after;
    }

    int status() {
      return status;
    }

    Duration after() {
      return after;
    }
  }

  /**
   * An answer whose body is still to be read.
   *
   * @param partial whether the server heeded the range
   * @param from first byte of the body within the file
   * @param total size of the file, -1 when unknown
   * @param validator the ETag or, without a strong one, the date; empty when there is none
   */
  record Answer(
      HttpURLConnection connection, boolean partial, long from, long total, String validator)
      implements Closeable {

    InputStream body() throws IOException {
      return connection.getInputStream();
    }

    @Override
    public void close() {
      connection.disconnect();
    }
  }

  /**
   * Asks for the bytes from {@code from} to {@code to}, both included; for the whole file when
   * {@code to} is negative.
   *
   * @throws Refusal on 408, 416, 429 and 5xx
   * @throws PermanentStepException on an answer that will not change by itself
   */
  Answer get(long from, long to) throws IOException {
    URI target = address;
    for (int hop = 0; hop <= REDIRECTS; hop++) {
      HttpURLConnection connection = open(target, from, to);
      int status = connection.getResponseCode();
      if (status == 200 || status == 206) {
        return answer(connection, status, from, to);
      }
      String location = connection.getHeaderField("Location");
      Duration after = retryAfter(connection);
      connection.disconnect();
      if (status / 100 != 3 || location == null) {
        throw failure(status, after);
      }
      target = redirected(target, location);
    }
    throw new PermanentStepException(address + ": more than " + REDIRECTS + " redirects");
  }

  private HttpURLConnection open(URI target, long from, long to) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) target.toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout((int) stall.toMillis());
    connection.setReadTimeout((int) stall.toMillis());
    connection.setRequestProperty("Accept-Encoding", "identity");
    connection.setRequestProperty("User-Agent", "voxbench");
    if (to >= 0) {
      connection.setRequestProperty("Range", "bytes=" + from + "-" + to);
    }
    if (token.isPresent() && String.valueOf(target.getHost()).equals(address.getHost())) {
      connection.setRequestProperty("Authorization", "Bearer " + token.get());
    }
    return connection;
  }

  private static Answer answer(HttpURLConnection connection, int status, long from, long to)
      throws IOException {
    String tag = connection.getHeaderField("ETag");
    String date = connection.getHeaderField("Last-Modified");
    String validator = tag != null && !tag.startsWith("W/") ? tag : date == null ? "" : date;
    if (status == 200) {
      return new Answer(connection, false, 0, connection.getContentLengthLong(), validator);
    }
    String header = String.valueOf(connection.getHeaderField("Content-Range"));
    Matcher range = CONTENT_RANGE.matcher(header);
    if (!range.matches() || Long.parseLong(range.group(1)) != from || to < 0) {
      connection.disconnect();
      throw new IOException("asked for bytes " + from + " on but the server sent '" + header + "'");
    }
    long total = range.group(3).equals("*") ? -1 : Long.parseLong(range.group(3));
    return new Answer(connection, true, from, total, validator);
  }

  private IOException failure(int status, Duration after) {
    if (status == 408 || status == 416 || status == 429 || status >= 500) {
      return new Refusal(status, after);
    }
    String cure =
        List.of(401, 403).contains(status)
            ? token.isPresent()
                ? "; the token in the environment was refused or lacks the right"
                : "; set dataset.source.tokenVariable to an environment variable that holds a token"
            : "; correct dataset.source.files.url";
    throw new PermanentStepException(address + ": the server answered " + status + cure);
  }

  private static Duration retryAfter(HttpURLConnection connection) {
    String seconds = String.valueOf(connection.getHeaderField("Retry-After"));
    return seconds.matches("[0-9]{1,6}")
        ? Duration.ofSeconds(Long.parseLong(seconds))
        : Duration.ZERO;
  }

  private URI redirected(URI from, String location) {
    URI target = from.resolve(location);
    boolean downgrade = "https".equals(from.getScheme()) && !"https".equals(target.getScheme());
    boolean elsewhere =
        "http".equals(target.getScheme())
            && !String.valueOf(target.getHost()).equals(address.getHost());
    if (downgrade || elsewhere || !List.of("http", "https").contains(target.getScheme())) {
      throw new PermanentStepException(
          address + ": refused to follow a redirect to " + target + "; expected https");
    }
    return target;
  }
}
