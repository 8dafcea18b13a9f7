package org.voxbench.tracking.transfer;

/** What is copied, in the order it is counted up to people. */
enum Kind {
  EXPERIMENT("experiments"),
  RUN("runs"),
  PARAM("parameters"),
  TAG("tags"),
  POINT("metric points"),
  INPUT("datasets and model links"),
  ARTIFACT("artifacts"),
  BYTE("artifact bytes"),
  LOGGED_MODEL("logged models"),
  MODEL("registered models"),
  VERSION("model versions"),
  ALIAS("aliases");

  final String shown;

  Kind(String shown) {
    this.shown = shown;
  }
}
