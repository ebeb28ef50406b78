import numpy as np

from extract.grid.line_filter import rescale, respond, respond_to_frames, thicken
from extract.settings.defaults import GridSettings
from tests.grid.pages import blank, page_of

SETTINGS = GridSettings()


def dark_page() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.zeros((100, 200), dtype=np.uint8)


def test_a_rule_answers_and_a_block_of_text_height_does_not() -> None:
    dark = dark_page()
    dark[20:22, 20:180] = 255
    dark[50:68, 20:180] = 255
    response = respond(thicken(dark), SETTINGS.window_chars, 18.0, SETTINGS)
    assert response[20:22, 60:140].min() > 200
    assert response[50:68, 60:140].max() < 60


def test_a_dotted_rule_answers() -> None:
    dark = dark_page()
    dark[20:22, 20:180:6] = 255
    dark[20:22, 21:180:6] = 255
    assert respond(thicken(dark), SETTINGS.window_chars, 18.0, SETTINGS)[20:22, 60:140].min() > 0.45 * 255


def test_only_thick_frames_answer_as_frames() -> None:
    dark = dark_page()
    dark[20:22, :] = 255
    dark[50:60, :] = 255
    response = respond_to_frames(thicken(dark), 18.0, SETTINGS)
    assert response[18:24].max() == 0
    assert response[50:60, 60:140].min() > 200


def test_working_scale_maps_back_to_clean_pixels() -> None:
    working = rescale(page_of(blank(300, 300), 36.0), SETTINGS)
    assert working.scale == 0.5
    assert working.to_clean(np.array([working.to_work(123.0)])).tolist() == [123.0]
