"""The only home of Scrapy: a plan in, a capture or a failure out."""
