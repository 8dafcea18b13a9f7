package org.voxbench.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream that never waits for ever: a server that sends nothing for as
 * long as the limit is given up, however long the whole may take. Time that the reader spends
 * between reads does not count. The JDK's own stream has no limit.
 */
final class MovingBody extends InputStream implements BodySubscriber<InputStream> {

  /** What arrived, or the end: a failure, or none. */
  private record Part(List<ByteBuffer> bytes, boolean last, @Nullable Throwable failure) {}

  private final Duration limit;
  private final LinkedBlockingQueue<Part> arrived = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
  private List<ByteBuffer> current = List.of();
  private int next;
  private boolean ended;

  private MovingBody(Duration limit) {
    this.limit = limit;
  }

  /** Hands out a body that may stand still for so long. */
  static BodyHandler<InputStream> handler(Duration limit) {
    return info -> new MovingBody(limit);
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Subscription begun) {
    subscription.set(begun);
    begun.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    arrived.add(new Part(bytes, false, null));
  }

  @Override
  public void onError(Throwable broken) {
    arrived.add(new Part(List.of(), true, broken));
  }

  @Override
  public void onComplete() {
    arrived.add(new Part(List.of(), true, null));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      while (next < current.size()) {
        ByteBuffer bytes = current.get(next);
        if (bytes.hasRemaining()) {
          int taken = Math.min(length, bytes.remaining());
          bytes.get(buffer, offset, taken);
          return taken;
        }
        next++;
      }
      take(await());
    }
    return -1;
  }

  private void take(Part part) throws IOException {
    current = part.bytes();
    next = 0;
    ended = part.last();
    if (part.failure() != null) {
      throw new IOException("broke off: " + part.failure(), part.failure());
    }
    Subscription begun = subscription.get();
    if (!ended && begun != null) {
      begun.request(1);
    }
  }

  private Part await() throws IOException {
    try {
      Part part = arrived.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (part == null) {
        close();
        throw new IOException("stood still for " + limit.toMillis() + " ms");
      }
      return part;
    } catch (InterruptedException interrupted) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Gives up what has not arrived. */
  @Override
  public void close() {
    ended = true;
    Subscription begun = subscription.get();
    if (begun != null) {
      begun.cancel();
    }
  }
}
