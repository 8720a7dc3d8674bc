from __future__ import annotations

import pytest

from palyra_runtime.api.address import InvalidGatewayUrl, PlainGatewayUrl, check_address


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://gateway.example.com/", "https://gateway.example.com"),
        (" https://gateway.example.com:8443/palyra/ ", "https://gateway.example.com:8443/palyra"),
        ("http://127.0.0.1:7420", "http://127.0.0.1:7420"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:7420", "http://[::1]:7420"),
        ("http://LOCALHOST:7420", "http://LOCALHOST:7420"),
    ],
)
def test_a_token_may_travel_there(url: str, address: str):
    """Encrypted, or within this machine."""
    assert check_address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "http://gateway.example.com",
        "http://10.0.0.1:7420",
        "http://[::]:7420",
        "http://127.0.0.1.example.com",
    ],
)
def test_nobody_on_the_way_is_to_read_a_token(url: str):
    """Unless whoever asks says that nobody is there."""
    with pytest.raises(PlainGatewayUrl):
        check_address(url)

    assert check_address(url, allows_plain=True) == url


@pytest.mark.parametrize(
    "url",
    [
        "gateway.example.com",
        "ftp://gateway.example.com",
        "https://",
        "https://gateway.example.com:0",
        "https://gateway.example.com:99999",
        "https://gateway.example.com/?token=x",
        "https://gateway.example.com/#x",
        "https://[::1",
        "https://gateway.example.com/\x1b[2J",
    ],
)
def test_what_is_no_address(url: str):
    """It says where a gateway is, and nothing else."""
    with pytest.raises(InvalidGatewayUrl):
        check_address(url)


def test_a_password_in_an_address_is_not_told():
    """Whatever was typed there, no error shows it."""
    with pytest.raises(InvalidGatewayUrl) as caught:
        check_address("https://ada:hunter2@gateway.example.com")

    assert "hunter2" not in f"{caught.value.message} {caught.value.details}"
