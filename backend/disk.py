"""The disk under the office's data: whether it is encrypted, as far as the system tells."""

import fcntl
import os
import platform
import subprocess
from pathlib import Path

from backend.settings import Settings

# FS_IOC_GET_ENCRYPTION_POLICY_EX (linux/fscrypt.h), asked of a folder: the policy's size, then its bytes.
FSCRYPT_ASK = 0xC0096616
FSCRYPT_ROOM = 32
ENCRYPTED_FILE_SYSTEMS = {"ecryptfs", "fuse.gocryptfs", "fuse.encfs"}


def disk_warning(settings: Settings) -> str | None:
    """A sentence for whoever runs the server when the disk is open or unknown; the start ends if it was asked to."""
    encrypted = is_encrypted(settings.data)
    if encrypted:
        return None
    if encrypted is None:
        say = f"Whether the disk under {settings.data} is encrypted cannot be told from here. See to it that it is."
    else:
        say = f"The disk under {settings.data} is not encrypted: who takes it can read what the office keeps."
    if settings.require_encrypted_disk:
        raise SystemExit(f"{say} DAYSHEET_REQUIRE_ENCRYPTED_DISK is set, so the office does not start.")
    return say


def is_encrypted(folder: Path) -> bool | None:
    """Whether what is written in this folder reaches the disk encrypted; None where nobody can tell."""
    if platform.system() == "Darwin":
        return told_by_filevault()
    if platform.system() != "Linux":
        return None
    if has_fscrypt(folder):
        return True
    mounted = mount_under(folder, Path("/proc/self/mountinfo").read_text())
    if mounted is None:
        return None
    numbers, kind, source = mounted
    if kind in ENCRYPTED_FILE_SYSTEMS:
        return True
    block = Path("/sys/dev/block") / numbers
    if not block.exists() and source.startswith("/dev/") and Path(source).exists():
        # Btrfs shows a number of its own for the mount; the device that it names has the real one.
        device = os.stat(source).st_rdev
        block = Path("/sys/dev/block") / f"{os.major(device)}:{os.minor(device)}"
    return is_crypt(block) if block.exists() else None


def mount_under(folder: Path, mounts: str) -> tuple[str, str, str] | None:
    """The device numbers, the file system and the source of what is mounted under a folder (proc(5), mountinfo)."""
    best: tuple[int, tuple[str, str, str]] | None = None
    real = str(folder.resolve())
    for line in mounts.splitlines():
        fields = line.split(" ")
        point = fields[4].replace("\\040", " ")
        after = fields.index("-")
        # Of two at one point the later lies on top.
        if (real + "/").startswith(point.rstrip("/") + "/") and (best is None or len(point) >= best[0]):
            best = len(point), (fields[2], fields[after + 1], fields[after + 2])
    return best[1] if best else None


def is_crypt(block: Path) -> bool:
    """Whether this block device is dm-crypt (LUKS), or lies wholly on such: LVM, RAID, a partition of one."""
    try:
        if (block / "dm/uuid").read_text().startswith("CRYPT-"):
            return True
    except OSError:
        pass
    below = list((block / "slaves").glob("*")) if (block / "slaves").is_dir() else []
    return bool(below) and all(is_crypt(one.resolve()) for one in below)


def has_fscrypt(folder: Path) -> bool:
    """Whether ext4, F2FS or UBIFS encrypts this folder (fscrypt)."""
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        fcntl.ioctl(opened, FSCRYPT_ASK, FSCRYPT_ROOM.to_bytes(8, "little") + bytes(FSCRYPT_ROOM))
    except OSError:
        return False
    finally:
        os.close(opened)
    return True


def told_by_filevault() -> bool | None:
    """What macOS says of its start-up disk."""
    try:
        done = subprocess.run(["/usr/bin/fdesetup", "status"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return "FileVault is On" in done.stdout if done.returncode == 0 else None
