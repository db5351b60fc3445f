"""What can go wrong with kept files."""


class VaultError(Exception):
    """Something is wrong with a kept file, or with the place where files are kept."""


class VaultDamaged(VaultError):
    """What is kept is not what was put there: changed, cut, joined, swapped, or sealed under another key."""


class VaultKeyMissing(VaultDamaged):
    """What is kept cannot be opened, for its key is not here: destroyed, or under a master key that was not given."""


class VaultMissing(VaultError):
    """Nothing is kept under that identity."""


class VaultTaken(VaultError):
    """Something is kept, or being written, under that identity already; nothing is ever written over."""


class VaultUnavailable(VaultError):
    """The place where files are kept does not answer; nothing was kept, and trying again later may help."""


class VaultFull(VaultUnavailable):
    """There is no room left; nothing was kept."""
