"""What Scrapy has and a crawl does not use is loaded by whoever uses it."""

from scrapy.http import FormRequest, HtmlResponse, Request, Response
from twisted.internet.task import Clock


def test_what_a_crawl_does_not_load_is_there_when_it_is_used() -> None:
    page = HtmlResponse("http://a.test/", body=b"<form><input name=q></form>")
    assert page.css("input::attr(name)").getall() == ["q"]
    assert FormRequest("http://a.test/", method="GET", formdata={"q": "x"}).url == "http://a.test/?q=x"


def test_what_is_not_loaded_yet_serves_as_a_class() -> None:
    class Mine(FormRequest):
        pass

    assert isinstance(Mine("http://a.test/"), FormRequest)
    assert not isinstance(Request("http://a.test/"), FormRequest)
    assert issubclass(HtmlResponse, Response)
    assert isinstance(Clock().callLater(1, print).getTime(), float)
