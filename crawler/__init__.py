"""The only home of Scrapy: a plan in, a capture or a failure out."""

from crawler import lean as lean  # Before anything of Scrapy.
