"""Building and rendering what people read: values in, text out."""
