package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.tracking.server.TestServer.Reply;

/** Sixteen threads at once, on a database in a file. */
@Timeout(120)
class ConcurrencyTest {

  private static final int THREADS = 16;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private TestServer server;
  private String run;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    server = new TestServer("jdbc:h2:" + folder.resolve("tracking"), folder.resolve("artifacts"));
    run = server.post("runs/create", "{}").json().at("/run/info/run_id").asText();
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    server.close();
  }

  private List<Reply> together(Callable<Reply> request) throws Exception {
    return together(IntStream.range(0, THREADS).mapToObj(i -> request).toList());
  }

  private List<Reply> together(List<Callable<Reply>> requests) throws Exception {
    CountDownLatch ready = new CountDownLatch(requests.size());
    List<Future<Reply>> futures = new ArrayList<>();
    for (Callable<Reply> request : requests) {
      futures.add(
          threads.submit(
              () -> {
                ready.countDown();
                ready.await();
                return request.call();
              }));
    }
    List<Reply> replies = new ArrayList<>();
    for (Future<Reply> future : futures) {
      replies.add(future.get());
    }
    return replies;
  }

  private String batch(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(
            i -> "{\"key\":\"m" + i % 5 + "\",\"value\":1,\"timestamp\":1,\"step\":" + i + "}")
        .collect(Collectors.joining(",", "{\"run_id\":\"" + run + "\",\"metrics\":[", "]}"));
  }

  private int points() throws Exception {
    int points = 0;
    for (int key = 0; key < 5; key++) {
      String path = "metrics/get-history?metric_key=m" + key + "&run_id=" + run;
      points += server.get(path).json().get("metrics").size();
    }
    return points;
  }

  @Test
  void noPointIsLostOrDoubledWhenThreadsLogToOneRun() throws Exception {
    List<Callable<Reply>> requests = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      String json = batch(thread / 2 * 500, 1000);
      requests.add(() -> server.post("runs/log-batch", json));
    }
    assertThat(together(requests)).allMatch(reply -> reply.status() == 200);
    assertThat(points()).isEqualTo(4500);
    Reply read = server.get("runs/get?run_id=" + run);
    assertThat(read.json().at("/run/data/metrics/4/step").asLong()).isEqualTo(4499);
  }

  @Test
  void onlyOneOfManyExperimentsOfOneNameIsMade() throws Exception {
    List<Reply> replies = together(() -> server.post("experiments/create", "{\"name\": \"same\"}"));
    assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(1);
    assertThat(replies)
        .filteredOn(reply -> reply.body().contains("RESOURCE_ALREADY_EXISTS"))
        .hasSize(THREADS - 1);
  }

  @Test
  void onlyOneOfManyValuesOfAParamWins() throws Exception {
    List<Callable<Reply>> requests = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      String json = "{\"run_id\":\"" + run + "\",\"key\":\"p\",\"value\":\"" + i + "\"}";
      requests.add(() -> server.post("runs/log-parameter", json));
    }
    assertThat(together(requests)).filteredOn(reply -> reply.status() == 200).hasSize(1);
  }
}
