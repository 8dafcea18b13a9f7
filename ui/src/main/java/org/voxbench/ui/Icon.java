package org.voxbench.ui;

/** Drawings of the pages, 16 units square, in the colour of the text around them. */
enum Icon {
  AHEAD("<circle cx='8' cy='8' r='5.25' stroke-dasharray='2.2 2.2'/>"),
  QUEUED("<circle cx='8' cy='8' r='6.25'/><path d='M8 4.5V8l2.25 1.5'/>"),
  RUNNING(
      "<circle cx='8' cy='8' r='6.25' opacity='.25'/><path class='arc' d='M8 1.75A6.25 6.25 0 0 1"
          + " 14.25 8'/>"),
  SUCCEEDED(
      "<circle class='disc' cx='8' cy='8' r='7'/><path class='mark' d='M5 8.3l2.1 2.1L11.2 6'/>"),
  FAILED(
      "<circle class='disc' cx='8' cy='8' r='7'/><path class='mark' d='M5.6 5.6l4.8 4.8m0-4.8l-4.8"
          + " 4.8'/>"),
  STOPPED("<circle class='disc' cx='8' cy='8' r='7'/><path class='mark' d='M6 6v4m4-4v4'/>"),
  LOST(
      "<circle class='disc' cx='8' cy='8' r='7'/><path class='mark' d='M6.3 6.2a1.8 1.8 0 1 1 2.3"
          + " 2c-.5.2-.6.5-.6 1M8 11.2v.1'/>"),
  CANCELLED("<circle class='disc' cx='8' cy='8' r='7'/><path class='mark' d='M5 8h6'/>"),
  PARKED(
      "<circle class='disc' cx='8' cy='8' r='7'/><path class='mark' d='M6.5 11.5v-7h2.2a2 2 0 0 1 0"
          + " 4H6.5'/>"),
  CUBE(
      "<path d='M8 1.5l5.75 3.2v6.6L8 14.5l-5.75-3.2V4.7z'/><path d='M2.4 4.8L8 8l5.6-3.2M8"
          + " 8v6.3'/>"),
  SEARCH("<circle cx='7' cy='7' r='4.5'/><path d='M10.5 10.5L14 14'/>"),
  THEME("<circle cx='8' cy='8' r='6.25'/><path class='half' d='M8 1.75a6.25 6.25 0 0 1 0 12.5z'/>"),
  FILE("<path d='M4 1.75h5L12.25 5v9.25H4zM9 1.75V5h3.25'/>"),
  ARROW("<path d='M3 8h10M9.25 4.25L13 8l-3.75 3.75'/>"),
  OUT("<path d='M6 3H3v10h10v-3M9 2.75h4.25V7M13 3L7.5 8.5'/>"),
  COPY("<path d='M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3'/>");

  private final String drawing;

  Icon(String drawing) {
    this.drawing = drawing.replace('\'', '"');
  }

  static Icon of(RunRow.State state) {
    return valueOf(state.name());
  }

  static Icon of(StepRow.State state) {
    return state == StepRow.State.QUEUED ? AHEAD : valueOf(state.name());
  }

  String svg() {
    return "<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\" focusable=\"false\">"
        + drawing
        + "</svg>";
  }
}
