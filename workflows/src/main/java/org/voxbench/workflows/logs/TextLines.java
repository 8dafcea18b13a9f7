package org.voxbench.workflows.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A line for people: time, level, who says it and what; the stack below it. */
final class TextLines extends LayoutBase<ILoggingEvent> {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  @Override
  public String doLayout(ILoggingEvent event) {
    String logger = event.getLoggerName();
    return TIME.format(event.getInstant())
        + String.format(Locale.ROOT, " %-5s ", event.getLevel())
        + logger.substring(logger.lastIndexOf('.') + 1)
        + ": "
        + event.getFormattedMessage()
        + System.lineSeparator()
        + (event.getThrowableProxy() == null
            ? ""
            : ThrowableProxyUtil.asString(event.getThrowableProxy()));
  }
}
