"""Settings as they are without anybody's doing."""

import dataclasses

import pytest

from extract.settings.defaults import OcrSettings, Settings


def test_settings_are_frozen_and_equal_by_value() -> None:
    assert Settings() == Settings()
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().load.max_pages = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("settings", "sizes"),
    [
        (OcrSettings(), ("tiny", "small")),
        (OcrSettings(first_size=""), ("small",)),
        (OcrSettings(engine="paddle"), ("small",)),
    ],
)
def test_the_networks_in_use(settings: OcrSettings, sizes: tuple[str, ...]) -> None:
    assert settings.sizes == sizes
