"""What newsletters and their field declare: tables in, values out."""
