"""Whether the disk under the data is encrypted, as the kernel tells it; unknown is said, never taken for good."""

from pathlib import Path

import pytest

from backend.disk import disk_warning, is_crypt, is_encrypted, mount_under
from backend.settings import Settings

MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 253:1 / /var/lib/day\\040sheet rw - ext4 /dev/mapper/data rw
31 22 0:40 / /home rw shared:5 - btrfs /dev/mapper/home rw
"""


def block(folder: Path, name: str, uuid: str | None = None, on: list[Path] = []) -> Path:  # noqa: B006
    made = folder / name
    (made / "slaves").mkdir(parents=True)
    if uuid is not None:
        (made / "dm").mkdir()
        (made / "dm/uuid").write_text(uuid + "\n")
    for below in on:
        (made / "slaves" / below.name).symlink_to(below)
    return made


def test_the_mount_nearest_to_the_folder_counts(tmp_path: Path) -> None:
    assert mount_under(Path("/srv/data"), MOUNTS) == ("254:0", "ext4", "/dev/vda")
    assert mount_under(Path("/var/lib/day sheet/data"), MOUNTS) == ("253:1", "ext4", "/dev/mapper/data")
    assert mount_under(Path("/var/lib/day sheets"), MOUNTS) == ("254:0", "ext4", "/dev/vda")
    assert mount_under(Path("/home"), MOUNTS) == ("0:40", "btrfs", "/dev/mapper/home")
    assert mount_under(Path("/home"), "") is None


def test_luks_is_encrypted_and_so_is_what_lies_wholly_on_it(tmp_path: Path) -> None:
    plain = block(tmp_path, "vda")
    luks = block(tmp_path, "dm-0", "CRYPT-LUKS2-0f", [plain])
    assert is_crypt(luks)
    assert is_crypt(block(tmp_path, "dm-1", "LVM-7c", [luks]))
    assert not is_crypt(plain)
    assert not is_crypt(block(tmp_path, "dm-2", "LVM-7d", [luks, plain])), "a half open volume is open"
    assert not is_crypt(block(tmp_path, "dm-3", "LVM-7e"))


def test_an_open_or_unknown_disk_is_said_and_may_stop_the_start(tmp_path: Path) -> None:
    told = disk_warning(Settings(data=tmp_path))
    strict = Settings(data=tmp_path, require_encrypted_disk=True)
    if is_encrypted(tmp_path):
        assert told is None
        assert disk_warning(strict) is None
    else:
        assert told is not None
        assert str(tmp_path) in told
        with pytest.raises(SystemExit, match="DAYSHEET_REQUIRE_ENCRYPTED_DISK"):
            disk_warning(strict)
