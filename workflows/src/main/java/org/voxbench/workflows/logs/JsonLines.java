package org.voxbench.workflows.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.voxbench.workflows.Json;

/**
 * One JSON object a line: {@code time, level, logger, thread, run, step, attempt, message, error};
 * those that do not apply are left out.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

  private static final byte[] NOTHING = {};

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ObjectNode line = Json.MAPPER.createObjectNode();
    line.put("time", event.getInstant().toString());
    line.put("level", event.getLevel().toString());
    line.put("logger", event.getLoggerName());
    line.put("thread", event.getThreadName());
    // The threads of a worker know nothing of each other; what holds for all of them does.
    Map<String, String> process = event.getLoggerContextVO().getPropertyMap();
    Map<String, String> here = event.getMDCPropertyMap();
    for (String key : Logs.KEYS) {
      String value = here.getOrDefault(key, process.get(key));
      if (value != null) {
        line.put(key, value);
      }
    }
    line.put("message", event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      line.put("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    try {
      byte[] json = Json.MAPPER.writeValueAsBytes(line);
      byte[] bytes = java.util.Arrays.copyOf(json, json.length + 1);
      bytes[json.length] = '\n';
      return bytes;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a log line is plain text", e);
    }
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
