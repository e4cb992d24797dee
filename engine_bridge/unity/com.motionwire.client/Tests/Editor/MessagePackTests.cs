using System;
using Motionwire;
using NUnit.Framework;

namespace MotionwireTests
{
    public sealed class MessagePackTests
    {
        private readonly MessagePackWriter writer = new MessagePackWriter();

        [TestCase(0L)]
        [TestCase(127L)]
        [TestCase(128L)]
        [TestCase(255L)]
        [TestCase(256L)]
        [TestCase(65535L)]
        [TestCase(65536L)]
        [TestCase(4294967295L)]
        [TestCase(4294967296L)]
        [TestCase(long.MaxValue)]
        [TestCase(-1L)]
        [TestCase(-32L)]
        [TestCase(-33L)]
        [TestCase(-2147483648L)]
        [TestCase(-2147483649L)]
        [TestCase(long.MinValue)]
        public void IntegersComeBack(long value)
        {
            writer.Clear();
            writer.Int(value);
            MessagePackReader reader = Reader();
            Assert.AreEqual(value, reader.Int());
            Assert.IsTrue(reader.AtEnd);
        }

        [Test]
        public void ListsOfIntegersComeBack()
        {
            int[] numbers = { 0, 127, 128, 255, 256, 65535, 65536, int.MaxValue, 3, 300 }, found = new int[numbers.Length];
            writer.Clear();
            foreach (int number in numbers) writer.Int(number);
            MessagePackReader reader = Reader();
            reader.Ints(found, numbers.Length);
            Assert.AreEqual(numbers, found);
            Assert.IsTrue(reader.AtEnd);
            byte[] whole = writer.ToArray();
            for (int length = 0; length < whole.Length; length++)
            {
                int cut = length;
                Assert.Throws<ProtocolException>(() => new MessagePackReader(whole, 0, cut).Ints(found, numbers.Length));
            }
            writer.Clear();
            writer.Int(-1);
            Assert.Throws<ProtocolException>(() => Reader().Ints(found, 1));
        }

        [TestCase(0)]
        [TestCase(15)]
        [TestCase(16)]
        [TestCase(31)]
        [TestCase(32)]
        [TestCase(255)]
        [TestCase(256)]
        [TestCase(65535)]
        [TestCase(65536)]
        public void SizesComeBack(int size)
        {
            writer.Clear();
            writer.Array(3);
            writer.Bytes(new byte[size]);
            writer.Array(size);
            for (int i = 0; i < size; i++) writer.Bool(i % 2 == 0);
            if (size <= ushort.MaxValue) writer.String(new string('s', size));
            else writer.Float(1);
            MessagePackReader reader = Reader();
            Assert.AreEqual(3, reader.Array());
            int offset, length;
            reader.Bytes(out offset, out length);
            Assert.AreEqual(size, length);
            Assert.AreEqual(size, reader.Array());
            for (int i = 0; i < size; i++) Assert.AreEqual(i % 2 == 0, reader.Bool());
            if (size <= ushort.MaxValue) Assert.AreEqual(new string('s', size), reader.String());
            else Assert.AreEqual(1, reader.Number());
            Assert.IsTrue(reader.AtEnd);
            MessagePackReader skipped = Reader();
            skipped.Skip();
            Assert.IsTrue(skipped.AtEnd);
        }

        [Test]
        public void SkipsAnyDepth()
        {
            writer.Clear();
            for (int i = 0; i < 100000; i++) writer.Array(1);
            writer.Int(1);
            MessagePackReader reader = Reader();
            reader.Skip();
            Assert.IsTrue(reader.AtEnd);
        }

        [Test]
        public void CutOffIsRefused()
        {
            writer.Clear();
            writer.Map(2);
            writer.String("key");
            writer.Double(2.5);
            writer.String("blob");
            writer.Bytes(new byte[300]);
            byte[] whole = writer.ToArray();
            for (int length = 0; length < whole.Length; length++)
            {
                int cut = length;
                Assert.Throws<ProtocolException>(() => new MessagePackReader(whole, 0, cut).Skip());
            }
        }

        [Test]
        public void AnnouncedSizesAreNotBelieved()
        {
            foreach (byte head in new byte[] { 0xc6, 0xdb, 0xdd, 0xdf })
            {
                var lie = new byte[] { head, 0xff, 0xff, 0xff, 0xff, 0 };
                Assert.Throws<ProtocolException>(() => new MessagePackReader(lie, 0, lie.Length).Skip());
            }
        }

        [Test]
        public void KeysAreCompared()
        {
            writer.Clear();
            writer.String("phase");
            MessagePackReader reader = Reader();
            reader.Key();
            Assert.IsTrue(reader.Is("phase"));
            Assert.IsFalse(reader.Is("phas"));
            Assert.IsFalse(reader.Is("phases"));
            Assert.IsFalse(reader.Is("Phase"));
        }

        private MessagePackReader Reader()
        {
            byte[] message = writer.ToArray();
            return new MessagePackReader(message, 0, message.Length);
        }
    }
}
