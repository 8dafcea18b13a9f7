package org.voxbench.workflows.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A worker that never ends by itself, nor when it is asked to by SIGTERM. */
public final class StubbornWorker {

  private StubbornWorker() {}

  /** Called as {@code work FOLDER}. */
  public static void main(String[] arguments) throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(StubbornWorker::forever));
    Files.writeString(Path.of(arguments[1], "deaf"), "");
    forever();
  }

  private static void forever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
