"""A plan on paper: what is printed of it, line by line, and the HTML that the PDF is made of."""
