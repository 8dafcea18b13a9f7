package org.voxbench.tracking;

import java.io.FileNotFoundException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A file or a part of one as the body of a request, and how much of it was taken so far. */
final class CountedFile implements BodyPublisher {

  private final BodyPublisher file;
  private final AtomicLong taken = new AtomicLong();

  private CountedFile(BodyPublisher file) {
    this.file = file;
  }

  static CountedFile whole(Path file) throws FileNotFoundException {
    return new CountedFile(BodyPublishers.ofFile(file));
  }

  /** So many bytes of a stream that is opened when the connection wants it. */
  static CountedFile part(Supplier<InputStream> opened, long length) {
    return new CountedFile(
        BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(opened), length));
  }

  /** Bytes handed to the connection, over all attempts of the request. */
  long taken() {
    return taken.get();
  }

  @Override
  public long contentLength() {
    return file.contentLength();
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> reader) {
    file.subscribe(new Counting(reader));
  }

  private final class Counting implements Subscriber<ByteBuffer> {

    private final Subscriber<? super ByteBuffer> reader;

    private Counting(Subscriber<? super ByteBuffer> reader) {
      this.reader = reader;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      reader.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      taken.addAndGet(bytes.remaining());
      reader.onNext(bytes);
    }

    @Override
    public void onError(Throwable broken) {
      reader.onError(broken);
    }

    @Override
    public void onComplete() {
      reader.onComplete();
    }
  }
}
