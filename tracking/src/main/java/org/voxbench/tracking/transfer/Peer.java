package org.voxbench.tracking.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.voxbench.tracking.MlflowServer;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingUnavailableException;

/**
 * One of the two servers, called patiently: what fails in passing is tried again, later and later,
 * until patience ends. A call that makes something looks it up first, inside what is repeated.
 */
final class Peer implements AutoCloseable {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long LONGEST_PAUSE_MILLIS = 15_000;
  private static final long TICK_MILLIS = 100;

  /** Something to ask of a server, repeatable. */
  @FunctionalInterface
  interface Call<T> {
    T make(MlflowServer server) throws TrackingException;
  }

  /** Takes one item of a list. */
  @FunctionalInterface
  interface Item {
    void take(JsonNode item) throws TrackingException;
  }

  private final MlflowServer server;
  private final Duration patience;
  private final BooleanSupplier stop;

  Peer(MlflowServer server, Duration patience, BooleanSupplier stop) {
    this.server = server;
    this.patience = patience;
    this.stop = stop;
  }

  void checkStop() {
    if (stop.getAsBoolean()) {
      throw new StoppedException();
    }
  }

  /** Asks once, without patience: a wrong address or token is told at once. */
  void greet() throws TrackingException {
    server.call(
        "greeting the server",
        "POST",
        "experiments/search",
        JSON.createObjectNode().put("max_results", 1));
  }

  /** Makes a call until it succeeds, is refused, or patience ends. */
  <T> T call(Call<T> call) throws TrackingException {
    long start = System.nanoTime();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      checkStop();
      try {
        return call.make(server);
      } catch (TrackingUnavailableException passing) {
        if (System.nanoTime() - start > patience.toNanos()) {
          throw passing;
        }
        rest(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  private void rest(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      checkStop();
      try {
        TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new StoppedException();
      }
    }
  }

  JsonNode get(String what, String path) throws TrackingException {
    return call(at -> at.call(what, "GET", path, null));
  }

  JsonNode post(String what, String path, JsonNode body) throws TrackingException {
    return call(at -> at.call(what, "POST", path, body));
  }

  /** Every item of a list that is asked for by POST, page by page; none from an older server. */
  void pages(String path, ObjectNode body, String list, Item item) throws TrackingException {
    String token = "";
    do {
      ObjectNode asked = body.deepCopy();
      if (!token.isEmpty()) {
        asked.put("page_token", token);
      }
      JsonNode page =
          call(at -> at.callIfKnown("listing " + path, "POST", path, asked))
              .orElseGet(JSON::createObjectNode);
      for (JsonNode one : page.path(list)) {
        item.take(one);
      }
      token = page.path("next_page_token").asText("");
    } while (!token.isEmpty());
  }

  /** The same by GET. */
  void pages(String pathAndQuery, String list, Item item) throws TrackingException {
    String token = "";
    do {
      String next = token.isEmpty() ? "" : "&page_token=" + MlflowServer.encoded(token);
      JsonNode page =
          call(at -> at.callIfKnown("listing " + list, "GET", pathAndQuery + next, null))
              .orElseGet(JSON::createObjectNode);
      for (JsonNode one : page.path(list)) {
        item.take(one);
      }
      token = page.path("next_page_token").asText("");
    } while (!token.isEmpty());
  }

  @Override
  public void close() {
    server.close();
  }
}
