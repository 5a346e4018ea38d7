"""Real servers and clients beside ours; see fakesites/fidelity."""

import pytest

pytest.register_assert_rewrite("tests.fakesites.tools.real.bench")
