package org.voxbench.tracking;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;

/** Digests the body of an answer as it arrives, of any length, and counts it. */
final class Sha256Body implements Subscriber<List<ByteBuffer>> {

  private final MessageDigest digest = sha256();
  private final AtomicLong arrived = new AtomicLong();

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  BodyHandler<byte[]> handler() {
    return info -> BodySubscribers.fromSubscriber(this, done -> digest.digest());
  }

  /** Bytes so far. */
  long arrived() {
    return arrived.get();
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    for (ByteBuffer part : parts) {
      arrived.addAndGet(part.remaining());
      digest.update(part);
    }
  }

  @Override
  public void onError(Throwable broken) {
    // The answer as a whole fails with it.
  }

  @Override
  public void onComplete() {
    // The finisher takes the digest.
  }
}
