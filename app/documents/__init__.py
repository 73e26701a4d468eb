"""Official documents (公文) as data: kind, number, blocks, recipients. Rendering them to paper is another matter."""
